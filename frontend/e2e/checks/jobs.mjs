// The list of jobs: filters and order in the address, actions on one and on many, live rows.
import assert from 'node:assert/strict'
import { call, importJobs } from '../server.mjs'

const MANY = 3_000

export default async function (tools) {
  const { check, base, target, openPage, axe, dialog, picture, tooWide, focusedName } = tools
  const hourly = { type: 'interval', hours: 1 }
  const job = (job_id, parts = {}) => ({
    job_id,
    definition: { trigger: hourly, request: { url: `${target.url}${job_id}` }, ...parts },
  })
  const desk = await openPage()
  const { page, button } = desk
  const row = (id) => page.locator(`[data-job-id="${id}"]`)
  const counter = (name) => page.getByRole('group', { name: 'By state' }).getByText(name)
  const toast = (text) => page.locator('.toast-text', { hasText: text })
  const param = (name) => new URL(page.url()).searchParams.get(name)

  await check('an empty server offers to add the first job', async () => {
    await desk.goto('jobs')
    await page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
    await picture(page, 'jobs-empty')
    await axe(page)
  })

  await importJobs(base, [
    ...Array.from({ length: MANY }, (_, n) => job(`many-${String(n).padStart(5, '0')}`)),
    job('a-cron', {
      trigger: { type: 'cron', cron: '0 9 * * 1-5', timezone: 'Asia/Shanghai' },
      tags: ['reports', 'eu'],
    }),
    job('a-failing', {
      trigger: { type: 'interval', seconds: 2 },
      request: { url: `${target.url}fail` },
    }),
    { ...job('a-paused'), state: 'paused' },
    job('a-very-long-id-'.repeat(12), { description: 'x' }),
  ])

  await check('the rows say what, when and how it went', async () => {
    await desk.goto('jobs')
    await row('a-cron').getByText('Mon-Fri at 09:00').waitFor()
    await row('a-cron').getByText('0 9 * * mon-fri · Asia/Shanghai').waitFor()
    await row('a-paused').getByText('paused', { exact: true }).waitFor()
    await row('a-failing').getByText('Every 2 seconds').waitFor()
    await picture(page, 'jobs')
  })

  await check('a run shows in its row without a reload', async () => {
    const lists = []
    page.on('request', (request) => {
      if (/\/api\/v1\/jobs\?/.test(request.url())) lists.push(request.url())
    })
    await button('Run a-failing now').click()
    await toast('a-failing fires now').waitFor()
    await row('a-failing')
      .locator('title', { hasText: /[1-9] failed/ })
      .waitFor({ state: 'attached' })
    await call(base, 'POST', 'jobs/a-paused:resume')
    await row('a-paused')
      .getByText(/^\d\d:\d\d:\d\d$/)
      .waitFor()
    await call(base, 'POST', 'jobs/a-paused:pause')
    await row('a-paused').getByText('paused', { exact: true }).waitFor()
    assert.deepEqual(lists, [])
  })

  await check('pause shows at once, keeps the focus, and can be undone', async () => {
    await button('Pause a-cron').click()
    await row('a-cron').getByText('paused', { exact: true }).waitFor({ timeout: 500 })
    assert.equal(await focusedName(page), 'Resume a-cron')
    await button('Undo').click()
    await button('Pause a-cron').waitFor()
    const { status } = await call(base, 'GET', 'jobs/a-cron')
    assert.equal(status.state, 'running')
  })

  await check('a refused action is taken back and told', async () => {
    await page.route('**/jobs/a-cron:pause', (route) => route.fulfill({ status: 503, body: '{}' }))
    await button('Pause a-cron').click()
    await toast('a-cron: The answer could not be understood (503).').waitFor()
    await button('Pause a-cron').waitFor()
    await page.unroute('**/jobs/a-cron:pause')
  })

  await check('search narrows the list, and the address keeps it', async () => {
    const typedAt = Date.now()
    await page.getByLabel('ID, URL, or #tag').fill('many-0299')
    await row('many-02990').waitFor()
    assert.ok(Date.now() - typedAt < 2_000)
    await page.getByText('10 match').waitFor()
    assert.equal(param('q'), 'many-0299')
    await page.reload()
    await row('many-02999').waitFor()
    assert.equal(await page.getByLabel('ID, URL, or #tag').inputValue(), 'many-0299')
    await page.getByLabel('ID, URL, or #tag').fill('nothing like it')
    await page.getByText('No job matches').waitFor()
    await button('Clear the filters').click()
    await row('a-cron').waitFor()
  })

  await check('counters, type, tag and order filter, and Back steps through them', async () => {
    await counter('Paused').click()
    await row('a-cron').waitFor({ state: 'detached' })
    await row('a-paused').waitFor()
    await counter('Failing').click()
    await row('a-failing').waitFor()
    assert.equal(param('state'), 'failing')
    await page.goBack()
    await row('a-paused').waitFor()
    await counter('All').click()
    await button('Only with tag reports').click()
    await row('a-paused').waitFor({ state: 'detached' })
    await row('a-cron').waitFor()
    await button('#reports, Any tag').click()
    await page.getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: /Cron/ }).click()
    await row('a-paused').waitFor({ state: 'detached' })
    await page.goto(new URL('jobs', base).href)
    await page.getByRole('columnheader', { name: 'Job' }).getByRole('button').click()
    await row('many-02999').waitFor()
    assert.equal(param('order'), 'desc')
    await picture(page, 'jobs-descending')
  })

  await check('the last of many rows is a jump away', async () => {
    await page.goto(new URL('jobs', base).href)
    await row('a-cron').waitFor()
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await row('many-02999').waitFor({ timeout: 2_000 })
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
    assert.ok(nodes < 1_500, `${nodes} nodes`)
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2))
    await row('many-01500').waitFor({ timeout: 2_000 })
  })

  await check('a selection survives scrolling, and shift takes a range', async () => {
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.getByLabel('Select a-cron').check()
    await page.getByLabel('Select many-00001').click({ modifiers: ['Shift'] })
    await page.getByText('6 selected').waitFor()
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await row('many-02999').waitFor()
    await page.evaluate(() => window.scrollTo(0, 0))
    await page.waitForTimeout(200)
    assert.equal(await page.getByLabel('Select a-failing').isChecked(), true)
    await picture(page, 'jobs-selected')
    await axe(page)
    await button('Clear the selection').click()
  })

  await check('all that match are paused by one request, and undone by another', async () => {
    const sent = []
    page.on('request', (request) => {
      if (request.url().endsWith(':bulk')) sent.push(request.postDataJSON())
    })
    await call(base, 'POST', 'jobs/many-00007:pause')
    await page.getByLabel('ID, URL, or #tag').fill('many-')
    await page.getByText('3,000 match').waitFor()
    await page.getByLabel('Select all that match').click()
    await page.getByText('All 3,000 that match').waitFor()
    await page.getByRole('region', { name: 'Selected jobs' }).getByText('Pause').click()
    await toast('2,999 jobs paused · 1 were so already').waitFor()
    await row('many-00003').getByText('paused', { exact: true }).waitFor()
    await button('Undo').click()
    await toast('2,999 jobs as before').waitFor()
    const { status } = await call(base, 'GET', 'jobs/many-00007')
    assert.equal(status.state, 'paused')
    assert.deepEqual(
      sent.filter((body) => !body.dry_run).map(({ action }) => action),
      ['pause', 'resume'],
    )
    await call(base, 'POST', 'jobs/many-00007:resume')
  })

  await check('a bulk delete asks with the count, starting on Cancel', async () => {
    await page.getByLabel('ID, URL, or #tag').fill('many-029')
    await page.getByText('100 match').waitFor()
    await page.getByLabel('Select all that match').click()
    await page.getByRole('region', { name: 'Selected jobs' }).getByText('Delete…').click()
    await (await dialog(page)).getByText('Delete 100 jobs?').waitFor()
    assert.equal(await focusedName(page), 'Cancel')
    await axe(page)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await toast('100 jobs deleted').waitFor()
    await page.getByText('No job matches').waitFor()
    await button('Clear the filters').click()
    await row('a-cron').waitFor()
  })

  await check('the row menu: keyboard, copy as curl, delete with a question', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await button('More for a-failing').focus()
    await page.keyboard.press('Enter')
    const item = page.getByRole('menuitem', { name: 'Pause', exact: true })
    const [at, from] = [await item.boundingBox(), await button('More for a-failing').boundingBox()]
    assert.ok(Math.abs(at.y - from.y) < 300 && Math.abs(at.x - from.x) < 300)
    await axe(page)
    await picture(page, 'jobs-menu')
    await page.keyboard.press('Escape')
    assert.equal(await focusedName(page), 'More for a-failing')
    await button('More for a-failing').click()
    await page.getByRole('menuitem', { name: 'Run it' }).click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(command, `curl -s -X POST '${base.href}api/v1/jobs/a-failing:run'`)
    await button('More for a-failing').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await (await dialog(page)).getByText('Delete a-failing?').waitFor()
    assert.equal(await focusedName(page), 'Cancel')
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    assert.equal(await focusedName(page), 'More for a-failing')
    await button('More for a-failing').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await row('a-failing').waitFor({ state: 'detached' })
    assert.equal(await focusedName(page), 'Jobs')
  })

  await check('keys move, select, pause and resume a row', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    assert.equal(await focusedName(page), 'a-paused')
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('x')
    await page.keyboard.press('p')
    await button('Pause a-paused').waitFor()
    await page.keyboard.press('p')
    await button('Resume a-paused').waitFor()
    await page.keyboard.press('k')
    assert.equal(await focusedName(page), 'a-cron')
  })

  await check('a new job is offered, and does not move the rows', async () => {
    await call(base, 'PUT', 'jobs/a-new', job('a-new').definition)
    await button('1 new job, show').click()
    await row('a-new').waitFor()
    await call(base, 'DELETE', 'jobs/a-new')
    await row('a-new').waitFor({ state: 'detached' })
  })

  await check('what cannot be loaded says so, and can be tried again', async () => {
    await page.route('**/api/v1/jobs?*', (route) => route.fulfill({ status: 500, body: 'no' }))
    await page.goto(new URL('jobs', base).href)
    await page.getByText('This could not be loaded').waitFor()
    await page.unroute('**/api/v1/jobs?*')
    await button('Try again').click()
    await row('a-cron').waitFor()
  })

  await check(
    'cards on a phone, in both languages and themes, without complaints of axe',
    async () => {
      for (const [locale, colorScheme] of [
        ['zh-CN', 'dark'],
        ['en-US', 'light'],
      ]) {
        const phone = await openPage({ locale, colorScheme, viewport: { width: 390, height: 800 } })
        await phone.goto('jobs')
        await phone.page.locator('[data-job-id=a-cron]').waitFor()
        assert.equal(await tooWide(phone.page), 0)
        await axe(phone.page)
        await picture(phone.page, `jobs-phone-${locale}`)
        await phone.page.setViewportSize({ width: 1360, height: 820 })
        await axe(phone.page)
        await picture(phone.page, `jobs-${locale}-${colorScheme}`)
        phone.quiet()
        await phone.close()
      }
    },
  )

  await check('the list leaves no complaints', () => desk.quiet({ refused: true }))
  await desk.close()
  await call(base, 'POST', 'jobs:bulk', { action: 'delete', filter: {} })
}
