// Pages for the checks, each with its own settings and its own list of complaints.
import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** What browsers say of a server that a check has stopped. */
const STOPPED =
  /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/
const REFUSED = /the server responded with a status of [45]\d\d/

export async function openBrowser(base) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

  /** A page in a browser profile of its own. `options` are those of playwright's `newContext`. */
  async function openPage(options = {}) {
    const context = await browser.newContext({
      locale: 'en-US',
      viewport: { width: 1360, height: 820 },
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const complaints = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url())
      if (origin !== base.origin && protocol !== 'blob:') complaints.push(`asks ${request.url()}`)
    })
    return {
      page,
      goto: (path) => page.goto(new URL(path, base).href),
      button: (name) => page.getByRole('button', { name, exact: true }),
      /** What the console and the network have complained of so far. */
      complaints,
      /**
       * Fails when the console or the network had anything to complain of, but for
       * what a check has brought about: a server that was stopped, an answer refused.
       */
      quiet: ({ stopped = false, refused = false } = {}) =>
        assert.deepEqual(
          complaints.filter(
            (text) => !(stopped && STOPPED.test(text)) && !(refused && REFUSED.test(text)),
          ),
          [],
        ),
      close: () => context.close(),
    }
  }

  return {
    openPage,
    axe,
    settled,
    dialog,
    picture,
    tooWide,
    focusedName,
    close: () => browser.close(),
  }
}

/** Fails with what axe finds against WCAG 2.0 to 2.2, A and AA. */
async function axe(page) {
  // Not as a script element: the page's own rules forbid those.
  await page.evaluate(await readFile(AXE, 'utf8'))
  // Colours half-way through a fade are nobody's choice.
  await page.evaluate(() => {
    const fading = document
      .getAnimations()
      .filter(({ effect }) => effect.getTiming().iterations === 1)
    return Promise.all(fading.map((animation) => animation.finished))
  })
  const found = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } }),
    WCAG,
  )
  const told = found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} (${node.failureSummary})`),
  )
  assert.deepEqual(told, [])
}

/** Waits until a page is drawn with its data. The network never rests: events keep coming. */
async function settled(page) {
  await page.locator('main h1, main h2, [role=dialog] h2').first().waitFor()
  await page.waitForFunction(
    () => !document.querySelector('main .skeleton, main .blank, [role=dialog] .skeleton'),
  )
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(150)
}

/** A picture of the page for people, when SCREENSHOT_DIR names a folder. */
async function picture(page, name) {
  const folder = process.env.SCREENSHOT_DIR
  if (!folder) return
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Waits for a dialog that has taken the focus, and gives it. */
async function dialog(page) {
  await page.waitForFunction(() => document.activeElement?.closest('[role$=dialog]'))
  return page.locator('[role$=dialog]')
}

/** Pixels by which the page is wider than its window. */
function tooWide(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
}

/** Label or text of what has the focus. */
function focusedName(page) {
  return page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
  })
}
