// What stands around every page: navigation, search, language, theme, zone, live.
import assert from 'node:assert/strict'
import { call } from '../server.mjs'

const PATHS = ['', 'jobs', 'runs', 'settings', 'jobs/new', 'nothing/here']

export default async function ({ check, base, server, target, openPage, axe, dialog, tooWide }) {
  const jobId = 'frame: a job/with “everything”'
  await call(base, 'PUT', `jobs/${encodeURIComponent(jobId)}`, {
    trigger: { type: 'interval', hours: 1 },
    request: { url: `${target.url}frame` },
  })
  const desk = await openPage()
  const { page } = desk

  await check('each page has its title and marks its place in the navigation', async () => {
    await desk.goto('')
    for (const name of ['Jobs', 'Runs', 'Settings', 'Overview']) {
      await page.getByRole('link', { name, exact: true }).click()
      await page.waitForFunction((text) => document.title.startsWith(text), name)
      assert.equal(await page.locator('nav:visible [aria-current=page]').innerText(), name)
    }
  })

  await check('the address of any page can be opened, and an unknown one says so', async () => {
    await desk.goto('nothing/here/at/all')
    await page.getByText('There is no such page').waitFor()
    await page.getByRole('link', { name: 'Go to the jobs' }).click()
    await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor()
  })

  await check('keys lead everywhere, and do nothing while one types', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.waitForURL(/\/settings$/)
    await page.keyboard.press('?')
    await (await dialog(page)).getByText('They do nothing while you type').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await dialog(page)
    await page.keyboard.type('gjn?')
    assert.match(page.url(), /\/settings$/)
    assert.equal(
      await page.getByRole('textbox', { name: 'Search jobs and pages' }).inputValue(),
      'gjn?',
    )
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  await check('search finds a job by a part of its id and opens it', async () => {
    await page.keyboard.press('/')
    await dialog(page)
    await page.keyboard.type('WITH “every')
    await page.getByRole('option', { name: jobId }).waitFor()
    await page.keyboard.press('Enter')
    const opened = (title) => document.title === title
    await page.waitForFunction(opened, `Job ${jobId} · schedule-server`)
    await page.reload()
    await page.waitForFunction(opened, `Job ${jobId} · schedule-server`)
  })

  await check('what is typed while the search is being loaded finds its place', async () => {
    const fresh = await openPage()
    let arrive
    const arrived = new Promise((resolve) => (arrive = resolve))
    await fresh.page.route('**/GlobalSearch-*.js', (route) => arrived.then(() => route.continue()))
    await fresh.goto('jobs')
    const field = fresh.page.getByLabel('ID, URL, or #tag')
    await field.focus()
    await fresh.page.keyboard.press('Control+k')
    await fresh.page.keyboard.type('frame: ')
    arrive()
    const search = fresh.page.getByRole('textbox', { name: 'Search jobs and pages' })
    await search.waitFor()
    await fresh.page.waitForFunction(() => document.activeElement.closest('[role=dialog]'))
    await fresh.page.keyboard.type('a job')
    await fresh.page.getByRole('option', { name: jobId }).waitFor()
    assert.equal(await search.inputValue(), 'frame: a job')
    await fresh.page.keyboard.press('Escape')
    await search.waitFor({ state: 'detached' })
    assert.equal(await field.inputValue(), '')
    assert.ok(await field.evaluate((element) => element === document.activeElement))
    await fresh.close()
  })

  await check('language, theme and zone are switched and kept', async () => {
    await desk.button('Switch to Chinese').click()
    await page.getByRole('link', { name: '任务', exact: true }).waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
    await desk.button('显示').click()
    await page.getByRole('menuitemradio', { name: '深色' }).click()
    await page.getByRole('menuitemradio', { name: 'UTC', exact: true }).click()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('link', { name: '任务', exact: true }).waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark')
    assert.match(await page.locator('.clock').innerText(), /\d\d:\d\d:\d\d\s*UTC/)
  })

  await check('a browser that prefers Chinese starts in Chinese', async () => {
    const chinese = await openPage({ locale: 'zh-CN' })
    await chinese.goto('jobs')
    await chinese.page.getByRole('heading', { name: '任务', level: 1 }).waitFor()
    chinese.quiet()
    await chinese.close()
  })

  await check('a phone needs no sideways scrolling', async () => {
    for (const locale of ['en-US', 'zh-CN']) {
      const phone = await openPage({ locale, viewport: { width: 360, height: 740 } })
      for (const path of PATHS) {
        await phone.goto(path)
        await phone.page.locator('main h1, main h2').first().waitFor()
        assert.equal(await tooWide(phone.page), 0, path)
      }
      phone.quiet()
      await phone.close()
    }
  })

  await check('axe finds nothing, with menus and dialogs open', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const view = await openPage({ colorScheme })
      await view.goto('settings')
      await view.page.getByText('Live', { exact: true }).waitFor()
      await axe(view.page)
      await view.button('Display').click()
      await view.page.getByRole('menu').waitFor()
      await axe(view.page)
      await view.page.keyboard.press('Escape')
      await view.page.keyboard.press('?')
      await dialog(view.page)
      await axe(view.page)
      await view.page.keyboard.press('Escape')
      await view.page.keyboard.press('/')
      await dialog(view.page)
      await axe(view.page)
      view.quiet()
      await view.close()
    }
  })

  await check('one stream for all tabs; it goes on when the first one is closed', async () => {
    const first = await openPage()
    let streams = 0
    first.page.context().on('request', (request) => {
      if (request.url().endsWith('/api/v1/events')) streams += 1
    })
    await first.goto('settings')
    await first.page.getByText('Live', { exact: true }).waitFor()
    const second = await first.page.context().newPage()
    await second.goto(new URL('settings', base).href)
    await second.getByText('Live', { exact: true }).waitFor()
    assert.equal(streams, 1)
    await first.page.close()
    await second.waitForTimeout(500)
    assert.equal(streams, 2)
    await second.getByText('Live', { exact: true }).waitFor()
    await first.close()
  })

  await check('the page says so when the server is away, and comes back by itself', async () => {
    if (!server) return
    const view = await openPage()
    await view.goto('settings')
    await view.page.getByText('Live', { exact: true }).waitFor()
    await server.halt()
    const stoppedAt = Date.now()
    await view.page.getByText('No connection to the server').waitFor()
    assert.ok(Date.now() - stoppedAt <= 3_000, 'the banner came late')
    await server.goOn()
    const startedAt = Date.now()
    await view.page.getByText('Live', { exact: true }).waitFor()
    assert.ok(Date.now() - startedAt <= 5_000, 'it came back late')
    assert.equal(await view.page.getByText('No connection to the server').count(), 0)
    view.quiet({ stopped: true })
    await view.close()
  })

  await check('the frame leaves no complaints', () => desk.quiet({ stopped: true }))
  await desk.close()
  await call(base, 'DELETE', `jobs/${encodeURIComponent(jobId)}`)
}
