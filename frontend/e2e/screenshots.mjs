// Pictures of each page for the documents, made by `make screenshots`: Chinese and
// light, English and dark, and a phone, from the binary SERVER with jobs on its own
// echo. The jobs and what comes of them are the same each time; what the clock says is
// not. FOLDER: where to put them.
import { mkdir, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.mjs'
import { call, importJobs, startServer } from './server.mjs'

const folder = process.env.FOLDER ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
/** As long as it takes for rows of history to gather. */
const FIRING_MS = 25_000
/** A picture larger than this is told of, in kB. */
const LARGE = 150
const LOOKS = [
  ['zh-light', { locale: 'zh-CN', colorScheme: 'light', timezoneId: 'Asia/Shanghai' }],
  ['en-dark', { locale: 'en-US', colorScheme: 'dark', timezoneId: 'Europe/Berlin' }],
  [
    'phone',
    {
      locale: 'zh-CN',
      colorScheme: 'light',
      timezoneId: 'Asia/Shanghai',
      viewport: { width: 390, height: 800 },
      deviceScaleFactor: 2,
    },
  ],
]
const PAGES = [
  ['overview', ''],
  ['jobs', 'jobs'],
  ['job', 'jobs/order-sync'],
  ['editor', 'jobs/daily-report/edit'],
  ['runs', 'runs'],
  ['settings', 'settings'],
]

const server = await startServer(process.env.SERVER ?? '../target/debug/schedule-server')
const base = new URL(server.url)
const browser = await openBrowser(base)
await mkdir(folder, { recursive: true })
try {
  await each('start', 'jobs')
  await fill()
  await new Promise((resolve) => setTimeout(resolve, FIRING_MS))
  for (const [name, path] of PAGES) await each(name, path)
  const failed = await call(base, 'GET', 'jobs/payment-check/runs?state=failed&limit=1')
  const { run_id, fire_at } = failed.items[0]
  await each('explain', `jobs/payment-check?at=${encodeURIComponent(fire_at)}`)
  await each('run', `runs?state=failed&run=${run_id}`)
} finally {
  await browser.close()
  await server.stop()
}

async function each(name, path) {
  for (const [look, options] of LOOKS) {
    const { page, goto, close } = await browser.openPage({ reducedMotion: 'reduce', ...options })
    await goto(path)
    await browser.settled(page)
    await page.waitForTimeout(600)
    const file = `${folder}/${name}-${look}.png`
    await page.screenshot({ path: file })
    await close()
    const { size } = await stat(file)
    console.log(`${file} ${Math.round(size / 1_000)} kB${size > LARGE * 1_000 ? ', large' : ''}`)
  }
}

/** Jobs as a shop might have them; some fail, one is slow, one is paused. */
async function fill() {
  const echo = (rest = '') => ({ url: `${base.href}api/v1/echo${rest}` })
  const zone = 'Asia/Shanghai'
  const job = (job_id, trigger, request, parts = {}) => ({
    job_id,
    definition: { trigger, request, ...parts },
  })
  const every = (unit, n) => ({ type: 'interval', [unit]: n })
  const cron = (line) => ({ type: 'cron', cron: line, timezone: zone })
  await importJobs(base, [
    job('order-sync', every('seconds', 2), echo('?delay_ms=120'), {
      description: 'Fetches new orders from the shop',
      tags: ['orders'],
    }),
    job('stock-levels', every('seconds', 3), echo('?delay_ms=40'), { tags: ['stock'] }),
    job('payment-check', every('seconds', 3), echo('?status=502&delay_ms=80'), {
      description: 'Asks the payment service whether it still answers',
      tags: ['payments'],
      retry: { attempts: 2, delay: { fixed_ms: 300 } },
    }),
    job('price-feed', every('seconds', 5), echo('?delay_ms=900'), { tags: ['prices'] }),
    job('daily-report', cron('0 9 * * 1-5'), echo('?report=daily'), {
      description: 'Sends the sales report to the team',
      tags: ['reports'],
    }),
    job('nightly-backup', cron('30 2 * * *'), echo('?backup=full'), { tags: ['backup'] }),
    job('month-end', cron('0 18 last * *'), echo('?close=month'), { tags: ['reports'] }),
    job('cache-warmup', every('minutes', 15), echo(), { tags: ['shop'] }),
    job('certificate-check', every('days', 1), echo(), { tags: ['security'] }),
    job('newsletter', cron('0 10 * * thu'), echo('?list=news'), { tags: ['mail'] }),
    job('new-year', { type: 'date', at: '2099-12-31T23:59:59+08:00' }, echo('?fireworks=1')),
    { ...job('old-import', every('hours', 6), echo(), { tags: ['orders'] }), state: 'paused' },
    ...Array.from({ length: 36 }, (_, n) =>
      job(`shop-${String(n + 1).padStart(2, '0')}-refresh`, cron('0 * * * *'), echo(), {
        tags: ['shop'],
      }),
    ),
    // What makes the picture of the load: everybody begins at nine.
    ...Array.from({ length: 240 }, (_, n) =>
      job(`invoice-${String(n + 1).padStart(3, '0')}`, cron(`${n % 2 ? 0 : 20} 9 * * *`), echo(), {
        tags: ['invoices'],
      }),
    ),
  ])
  for (const id of ['daily-report', 'nightly-backup', 'cache-warmup']) {
    await call(base, 'POST', `jobs/${id}:run`)
  }
}
