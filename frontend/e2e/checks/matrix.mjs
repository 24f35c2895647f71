// Every page in every look: both languages and themes, a phone, forced colours, little
// motion, 200 % zoom, and texts as long as other languages have them. What a page does
// is looked at elsewhere; here it has to be in order however it is looked at.
import assert from 'node:assert/strict'
import { call, importJobs } from '../server.mjs'

const DESK = { width: 1360, height: 820 }
const PHONE = { width: 390, height: 800 }
const LOOKS = ['en-US', 'zh-CN'].flatMap((locale) =>
  ['light', 'dark'].map((colorScheme) => ({ locale, colorScheme })),
)
/** English is a short language. */
const LONGER = 0.4
/** Seconds that all of it may take, times SLACK (default 3) like other times. */
const MOST_S = 90
const SLACK = Number(process.env.SLACK ?? 3)

export default async function ({ check, base, target, openPage, axe, settled, picture }) {
  const began = Date.now()

  await check('an empty server, in each look', () =>
    everyLook([
      ['overview', ''],
      ['jobs', 'jobs'],
    ]),
  )

  const runId = await fill(base, target)
  const places = [
    ['overview', ''],
    ['jobs', 'jobs'],
    ['job', 'jobs/m-fails'],
    ['editor-new', 'jobs/new'],
    ['editor-edit', 'jobs/m-full/edit'],
    ['runs', 'runs'],
    ['runs-sheet', `runs?run=${runId}`],
    ['settings', 'settings'],
    ['not-found', 'nothing/here'],
  ]
  await check('every page, in each look', () => everyLook(places))

  await check('every page, with forced colours', () =>
    each(places, { forcedColors: 'active' }, async ({ page }) => [
      ...(await found(() => axe(page))),
      ...(await misfits(page)),
      ...(await page.evaluate(withoutEdge)),
    ]),
  )

  await check('every page, with little motion', () =>
    each(places, { reducedMotion: 'reduce' }, ({ page }) => page.evaluate(moving)),
  )

  await check('every page, at 200 % zoom', () =>
    each(
      places,
      { viewport: { width: DESK.width / 2, height: DESK.height / 2 }, deviceScaleFactor: 2 },
      async ({ page }) => [
        ...(await misfits(page)),
        ...(await page.evaluate(cutOff)),
        ...(await page.evaluate(outOfReach)),
      ],
    ),
  )

  await check('every page, with longer texts', () =>
    each(places, { locale: 'en-US' }, async ({ page }, name) => {
      const problems = []
      const short = await navigation(page)
      await page.evaluate(lengthen, LONGER)
      if ((await navigation(page)) === short) problems.push('the texts are not longer')
      for (const viewport of [DESK, { width: 1024, height: 768 }, PHONE]) {
        await page.setViewportSize(viewport)
        await picture(page, `matrix-long-${name}-${viewport.width}`)
        const all = [...(await misfits(page)), ...(await page.evaluate(outOfReach))]
        problems.push(...all.map((text) => `${viewport.width} px: ${text}`))
      }
      return problems
    }),
  )

  await check(`all of it within ${MOST_S} s`, () => {
    const took = (Date.now() - began) / 1_000
    console.log(`        ${took.toFixed(0)} s`)
    assert.ok(took < MOST_S * SLACK, `${took} s`)
  })
  await call(base, 'POST', 'jobs:bulk', { action: 'delete', filter: {} })

  /** Both languages and themes, at a desk and on a phone. */
  async function everyLook(visited) {
    const all = LOOKS.map(async (look) => {
      const { locale, colorScheme } = look
      const problems = await visit(visited, look, async ({ page }, name) => {
        const wide = await found(() => axe(page))
        await picture(page, `matrix-${name}-${locale}-${colorScheme}`)
        await page.setViewportSize(PHONE)
        await picture(page, `matrix-${name}-${locale}-${colorScheme}-phone`)
        const narrow = [
          ...(await misfits(page)),
          ...(await page.evaluate(smallTargets)),
          ...(await page.evaluate(outOfReach)),
        ]
        await page.setViewportSize(DESK)
        return [...wide, ...narrow.map((text) => `phone: ${text}`)]
      })
      return problems.map((text) => `${locale} ${colorScheme} ${text}`)
    })
    nothing((await Promise.all(all)).flat())
  }

  async function each(visited, options, look) {
    nothing(await visit(visited, options, look))
  }

  /** What `look` finds on each page, and what the console and the network complain of. */
  async function visit(visited, options, look) {
    const view = await openPage({ viewport: DESK, ...options })
    const problems = []
    for (const [name, path] of visited) {
      await view.goto(path)
      await settled(view.page)
      await view.page.evaluate(unfold)
      const all = [...(await look(view, name)), ...view.complaints.splice(0)]
      problems.push(...all.map((text) => `${name}: ${text}`))
      await view.page.setViewportSize(options.viewport ?? DESK)
    }
    await view.close()
    return problems
  }
}

/** Texts that stand on every page. */
function navigation(page) {
  return page.locator('nav:visible').first().innerText()
}

/** Told in full: `deepEqual` shortens long lists. */
function nothing(problems) {
  if (problems.length > 0) throw new Error(problems.join('\n'))
}

/** Wider than its window, in pixels. */
async function misfits(page) {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  return wide > 0 ? [`${wide} px too wide`] : []
}

async function found(steps) {
  return steps().then(
    () => [],
    ({ message, actual }) => actual ?? [message],
  )
}

// What follows runs in the page.

/** So that what is folded is looked at too. */
function unfold() {
  for (const folded of document.querySelectorAll('main details')) folded.open = true
}

/** Targets below 24 by 24 pixels; links in a line of text may be as high as the line. */
function smallTargets() {
  const targets = 'a[href], button, input, select, textarea, summary, [role=combobox], [role=tab]'
  const dialog = document.querySelector('[role=dialog], [role=alertdialog]')
  return [...(dialog ?? document).querySelectorAll(targets)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.closest('.visually-hidden, [aria-hidden=true], [inert]'))
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .flatMap((element) => {
      const label = element.matches('[type=checkbox], [type=radio]') && element.labels[0]
      const { width, height } = (label || element).getBoundingClientRect()
      if (width >= 24 && height >= 24) return []
      const name = element.getAttribute('aria-label') ?? element.textContent.trim()
      const size = `${Math.round(width)} by ${Math.round(height)}`
      return [`small target: ${element.localName} “${name.slice(0, 40)}” ${size}`]
    })
}

/** Texts that end at an edge without a sign that there is more. */
function cutOff() {
  const cut = (element) => {
    const style = getComputedStyle(element)
    if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') return false
    const hides = ['hidden', 'clip'].includes(style.overflowX)
    const holds = element.matches('button, a.button, [role=tab], h1, h2, th, label')
    return (hides || holds) && element.scrollWidth > element.clientWidth + 1
  }
  return [...document.querySelectorAll('main *, header *, nav *, [role=dialog] *')]
    .filter((element) => element instanceof HTMLElement && element.clientWidth > 1)
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .filter((element) => element.textContent.trim() !== '' && !element.closest('.visually-hidden'))
    .filter(cut)
    .map(({ localName, className, textContent, scrollWidth, clientWidth }) => {
      const text = textContent.trim().slice(0, 40)
      return `cut off: ${localName}.${className} “${text}” ${scrollWidth} in ${clientWidth} px`
    })
}

/** Buttons that cannot be brought where one can press them. */
function outOfReach() {
  const dialog = document.querySelector('[role=dialog], [role=alertdialog]')
  const buttons = (dialog ?? document).querySelectorAll('button.button, a.button')
  const out = [...buttons]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
      const { left, top, width, height } = element.getBoundingClientRect()
      const there = document.elementFromPoint(left + width / 2, top + height / 2)
      return !there || !(element.contains(there) || there.contains(element))
    })
    .map((element) => `out of reach: ${element.textContent.trim()}`)
  window.scrollTo(0, 0)
  return out
}

/** Buttons and fields that only their background tells apart, which forced colours take away. */
function withoutEdge() {
  const fields = 'button.button, a.button, input:not([type=checkbox], [type=radio]), textarea'
  const bare = (element) => {
    const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(element)
    return (borderTopStyle === 'none' || borderTopWidth === '0px') && outlineStyle === 'none'
  }
  return (
    [...document.querySelectorAll(fields)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }))
      .filter((element) => !element.closest('.visually-hidden, [aria-hidden=true]'))
      // What holds a field may draw its edge.
      .filter((element) => bare(element) && bare(element.parentElement))
      .map((element) => `no edge: ${element.localName}.${element.className}`)
  )
}

/** What moves although little motion is asked for. */
function moving() {
  return document
    .getAnimations()
    .filter(({ effect, playState }) => {
      const { duration, iterations } = effect.getTiming()
      return playState === 'running' && (duration > 200 || iterations === Infinity)
    })
    .map(({ animationName, transitionProperty, effect }) => {
      const { localName, className } = effect.target
      return `moves: ${localName}.${className} ${animationName ?? transitionProperty}`
    })
}

/** Makes every text of the catalogue longer by that share; parts of one text stay so many. */
function lengthen(share) {
  const app = document.querySelector('#app').__vue_app__
  const { global } = app._context.provides[app.__VUE_I18N_SYMBOL__]
  const longer = (text) => {
    const more = Math.max(1, Math.round(text.replace(/\{\w+\}/g, '00').length * share))
    const [space, words] = more > 6 ? [' ', 'extra word '] : ['', 'ext']
    return (
      text +
      space +
      words
        .repeat(20)
        .slice(0, more - space.length)
        .trimEnd()
    )
  }
  const all = (messages) =>
    Object.fromEntries(
      Object.entries(messages).map(([key, value]) => [
        key,
        typeof value === 'string' ? value.split(' | ').map(longer).join(' | ') : all(value),
      ]),
    )
  global.setLocaleMessage('en', all(global.getLocaleMessage('en')))
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

/** Jobs and runs of each kind, with long names among them; gives a run that failed. */
async function fill(base, target) {
  const to = (path) => ({ url: `${target.url}${path}` })
  const never = { type: 'date', at: '2099-12-31T23:59:59Z' }
  const long = `m-${'averylongidwithoutanyspace-'.repeat(4)}end`
  const job = (job_id, definition) => ({ job_id, definition })
  await importJobs(base, [
    job('m-good', { trigger: { type: 'interval', seconds: 5 }, request: to('good') }),
    job('m-fails', {
      description: 'Calls something that is broken, and tries again '.repeat(4),
      tags: ['matrix', 'a-tag-that-is-rather-long'],
      trigger: { type: 'cron', cron: '*/5 * * * *', timezone: 'Asia/Shanghai' },
      request: to('fail'),
      retry: { attempts: 3, delay: { fixed_ms: 20 } },
    }),
    job('m-full', {
      description: '每个工作日的九点生成报表',
      trigger: { type: 'cron', cron: '30 2 * * 1-5', timezone: 'America/Argentina/Buenos_Aires' },
      request: {
        ...to('full'),
        method: 'POST',
        headers: [{ name: 'Authorization', value: { secret: 'Bearer s3cret' } }],
        query: [{ name: 'shop', value: 'one' }],
        body: { json: { shop: 'one' } },
      },
      retry: { attempts: 5 },
      policies: { overlap: { queue: 3 }, pause_after_failures: 9 },
    }),
    job(long, { trigger: never, request: to(`good/${'path/'.repeat(30)}`) }),
    job('m-gone', { trigger: never, request: { url: 'http://127.0.0.1:9/' } }),
    job('任务-夜间备份', { trigger: { type: 'interval', hours: 6 }, request: to('good') }),
    { ...job('m-paused', { trigger: never, request: to('good') }), state: 'paused' },
  ])
  const ids = ['m-good', 'm-fails', 'm-full', long, 'm-gone', 'm-fails']
  for (const id of ids) await call(base, 'POST', `jobs/${encodeURIComponent(id)}:run`)
  for (let tries = 0; tries < 300; tries += 1) {
    const { items } = await call(base, 'GET', 'jobs/m-fails/runs?state=failed')
    if (items.length > 0) return items[0].run_id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the runs do not end')
}
