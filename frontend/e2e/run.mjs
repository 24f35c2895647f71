// The real flow in a real browser, against the server at BASE_URL, or against
// one started from the binary SERVER on a free port with an empty database.
// CHROMIUM: browser to use; SCREENSHOT_DIR: where to put pictures, if anywhere.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { startServer } from './server.mjs'

const server = process.env.SERVER ? await startServer(process.env.SERVER) : undefined
const baseUrl = new URL(server?.url ?? process.env.BASE_URL ?? 'http://127.0.0.1:8000/')
const shots = process.env.SCREENSHOT_DIR
const jobId = `e2e-${process.pid}-${Date.now()}`
const targetUrl = 'http://127.0.0.1:9/never-called'

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
const context = await browser.newContext({
  locale: 'en-US',
  viewport: { width: 1360, height: 820 },
})
const page = await context.newPage()
page.setDefaultTimeout(10_000)

const complaints = []
const strangers = []
page.on('console', (message) => {
  if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
})
page.on('pageerror', (error) => complaints.push(String(error)))
page.on('request', (request) => {
  if (new URL(request.url()).origin !== baseUrl.origin) strangers.push(request.url())
})

const row = page.locator(`[data-job-id="${jobId}"]`)
const button = (name) => page.getByRole('button', { name, exact: true })
const dialog = page.getByRole('dialog')
const alertDialog = page.getByRole('alertdialog')

let passed = 0
let failed = 0

async function check(name, steps) {
  try {
    await steps()
    passed += 1
    console.log(`ok      ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAILED  ${name}\n        ${error.message}`)
  }
}

async function picture(name) {
  if (!shots) return
  await mkdir(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

async function fillNewJob(minute) {
  await button('New job').first().click()
  await dialog.getByLabel('Job ID').fill(jobId)
  await dialog.getByLabel('URL').fill(targetUrl)
  await dialog.getByLabel('minute', { exact: true }).fill(minute)
}

async function focusedText() {
  return page.evaluate(() => {
    const element = document.activeElement
    return element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''
  })
}

await check('the page opens', async () => {
  await page.goto(baseUrl.href)
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor()
  await page.getByText(/updated \d\d:\d\d:\d\d/).waitFor()
  await picture('open')
})

await check('an incomplete form shows its faults and sends nothing', async () => {
  await button('New job').first().click()
  await button('Add job').click()
  assert.equal(await dialog.getByText('Please fill in this field.').count(), 2)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
})

await check('a cron job can be added and is found by its id', async () => {
  await fillNewJob('*/10')
  await picture('form')
  await button('Add job').click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByLabel('Search job ID').fill(jobId)
  await page.waitForURL((url) => url.searchParams.get('q') === jobId)
  await row.getByText('0 */10 * * * *').waitFor()
  await row.getByText('Running').waitFor()
  await row.getByText(/^(\d+ d )?\d\d:\d\d:\d\d$/).waitFor()
  await picture('added')
})

await check('a reload keeps the search', async () => {
  await page.reload()
  await row.waitFor()
  assert.equal(await page.getByLabel('Search job ID').inputValue(), jobId)
})

await check('an id in use is overwritten only after a yes', async () => {
  await fillNewJob('*/20')
  await button('Add job').click()
  await dialog.getByText('already exists').waitFor()
  assert.equal(await focusedText(), 'Back to the form')
  await picture('overwrite')
  await button('Overwrite').click()
  await dialog.waitFor({ state: 'detached' })
  await row.getByText('0 */20 * * * *').waitFor()
})

await check('pause and resume', async () => {
  await button(`Pause ${jobId}`).click()
  await row.getByText('Paused').waitFor()
  await row.getByText('no next fire').waitFor()
  await picture('paused')
  await button(`Resume ${jobId}`).click()
  await row.getByText('Running').waitFor()
  assert.equal(await focusedText(), `Pause ${jobId}`)
})

await check('delete asks first, starting on Cancel', async () => {
  await button(`Delete ${jobId}`).click()
  await alertDialog.getByText(jobId).waitFor()
  assert.equal(await focusedText(), 'Cancel')
  await picture('delete')
  await page.keyboard.press('Enter')
  await alertDialog.waitFor({ state: 'detached' })
  assert.equal(await focusedText(), `Delete ${jobId}`)
  await button(`Delete ${jobId}`).click()
  await alertDialog.getByRole('button', { name: 'Delete' }).click()
  await row.waitFor({ state: 'detached' })
  await page.getByText('No job ID contains').waitFor()
  assert.equal(await focusedText(), 'Jobs')
})

await check('a phone needs no sideways scrolling', async () => {
  await page.setViewportSize({ width: 390, height: 800 })
  await page.goto(baseUrl.href)
  await page.getByText(/updated \d\d:\d\d:\d\d/).waitFor()
  const tooWide = () =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.equal(await tooWide(), 0)
  await button('New job').first().click()
  await dialog.waitFor()
  assert.equal(await tooWide(), 0)
  await picture('phone')
})

await check('no errors or warnings in the console', () => assert.deepEqual(complaints, []))

await check('no request off the origin', () => assert.deepEqual(strangers, []))

await page.request.delete(new URL(`scheduler/remove_job?job_id=${jobId}`, baseUrl).href)
await browser.close()
await server?.stop()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
