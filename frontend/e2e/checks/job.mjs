// A job's own page: actions, live runs, why it did not fire, tabs, zones.
import assert from 'node:assert/strict'
import { call } from '../server.mjs'

export default async function (tools) {
  const { check, base, target, server, openPage, axe, dialog, picture, tooWide, focusedName } =
    tools
  const put = (id, definition) => call(base, 'PUT', `jobs/${encodeURIComponent(id)}`, definition)
  const to = (path) => ({ url: `${target.url}${path}` })
  const every = (seconds) => ({ type: 'interval', seconds })
  const runsOf = async (id, query = '') =>
    (await call(base, 'GET', `jobs/${id}/runs${query}`)).items

  const desk = await openPage()
  const { page, button } = desk
  const toast = (text) => page.locator('.toast-text', { hasText: text })
  const param = (name) => new URL(page.url()).searchParams.get(name)
  const facts = page.locator('dl.facts')
  const why = page.getByRole('region', { name: 'Why did it not fire?' })
  const sentence = why.locator('.sentence')
  const rows = page.locator('[data-run-id]')
  const moment = why.getByLabel('Pick a moment')
  const tab = (name) => page.getByRole('tab', { name })

  /** The run of a state, waited for. */
  async function runOf(id, state) {
    for (let tries = 0; tries < 60; tries += 1) {
      const [run] = await runsOf(id, `?state=${state}&limit=1`)
      if (run) return run
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    throw new Error(`no run of ${id} became ${state}`)
  }

  /** The page shows what it expects at once; the server is a moment behind. */
  async function serverHas(id, part) {
    let { status } = await call(base, 'GET', `jobs/${id}`)
    for (let tries = 0; tries < 20 && !part(status); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      ;({ status } = await call(base, 'GET', `jobs/${id}`))
    }
    assert.ok(part(status), JSON.stringify(status))
  }

  async function explains(id, at, text) {
    await desk.goto(`jobs/${id}?at=${encodeURIComponent(at)}`)
    await sentence.filter({ hasText: text }).waitFor()
  }

  await put('j-good', {
    description: 'Sends the sales report',
    tags: ['reports'],
    trigger: { type: 'cron', cron: '0 9 * * 1-5', timezone: 'Asia/Shanghai' },
    request: {
      ...to('good?day={{fire_at}}'),
      method: 'POST',
      headers: [{ name: 'Authorization', value: { secret: 'Bearer s3cret' } }],
      body: { json: { day: '{{fire_at}}' } },
    },
    retry: { attempts: 3, delay: { fixed_ms: 100 } },
    policies: { misfire_grace: { ms: 300_000 }, pause_after_failures: 10 },
  })
  await put('j-fail', { trigger: every(1), request: to('fail') })
  await put('j-slow', { trigger: every(1), request: to('slow') })
  await put('j-missed', {
    trigger: every(1),
    request: to('missed'),
    policies: { misfire_grace: { ms: 500 }, catch_up: 'none' },
  })
  await put('j-dst', {
    trigger: {
      type: 'cron',
      cron: '30 2 * * *',
      timezone: 'Europe/Berlin',
      start: '2027-10-28T00:00:00Z',
    },
    request: to('dst'),
  })
  await put('j-once', {
    trigger: { type: 'date', at: new Date(Date.now() + 1_500).toISOString() },
    request: to('once'),
  })

  await check('the head says what, when, in which zone, and that it never fired', async () => {
    await desk.goto('jobs/j-good')
    await page.getByRole('heading', { name: 'j-good', level: 1 }).waitFor()
    await facts.getByText('At 09:00, Monday to Friday').waitFor()
    await facts.getByText('0 9 * * mon-fri', { exact: true }).waitFor()
    await facts.getByText('No runs yet').waitFor()
    await page.getByText('It has not fired yet.').waitFor()
    await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
    assert.equal(await page.title(), 'Job j-good · schedule-server')
    await axe(page)
    await picture(page, 'job-never-fired')
  })

  await check('run now: its end shows within a second, without a reload', async () => {
    const lists = []
    page.on('request', (request) => {
      if (/jobs\/j-good\/runs/.test(request.url())) lists.push(request.url())
    })
    await button('Run now').click()
    await toast('j-good fires now').waitFor()
    const run = await runOf('j-good', 'succeeded')
    const told = Date.now()
    await facts.getByText('Succeeded').waitFor({ timeout: 2_000 })
    await page.locator(`[data-run-id="${run.run_id}"]`, { hasText: 'Succeeded' }).waitFor()
    assert.ok(Date.now() - told < 1_000, `${Date.now() - told} ms`)
    await rows
      .first()
      .getByText(/the target answered 200/)
      .waitFor()
    assert.deepEqual(lists, [])
  })

  await check('pause shows at once, and can be undone; so does resume', async () => {
    await button('Pause').click()
    await button('Resume').waitFor({ timeout: 500 })
    await toast('j-good is paused').waitFor()
    await button('Undo').click()
    await button('Pause').waitFor()
    await serverHas('j-good', ({ state }) => state === 'running')
    await page.locator('h1').click()
    await page.keyboard.press('p')
    await button('Resume').waitFor()
    await page.keyboard.press('p')
    await button('Pause').waitFor()
  })

  await check('a refused action is taken back and told', async () => {
    await page.route('**/jobs/j-good:pause', (route) => route.fulfill({ status: 503, body: '{}' }))
    await button('Pause').click()
    await toast('j-good: The answer could not be understood (503).').waitFor()
    await button('Pause').waitFor()
    await page.unroute('**/jobs/j-good:pause')
  })

  await check('pause until an instant, by keyboard, and undo by resume', async () => {
    await button('Ways to pause').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Pause until…' }).click()
    const box = await dialog(page)
    await axe(page)
    await picture(page, 'job-pause-until')
    await box.getByRole('button', { name: '1 day' }).click()
    await box.getByRole('button', { name: 'Pause', exact: true }).click()
    await facts.getByText('Paused until').waitFor()
    await serverHas('j-good', ({ paused_by }) => paused_by === 'pause_until')
    const { policies } = await call(base, 'GET', 'jobs/j-good')
    const ahead = Date.parse(policies.pause_until) - Date.now()
    assert.ok(Math.abs(ahead - 86_400_000) < 60_000, `${ahead}`)
    await tab('Upcoming').click()
    await page.getByText(/Were it resumed now/).waitFor()
    await button('Undo').last().click()
    await button('Pause').waitFor()
    await tab('Runs').click()
  })

  await check('copy as curl', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await button('More actions').click()
    await axe(page)
    await page.getByRole('menuitem', { name: 'Run it' }).click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    assert.equal(command, `curl -s -X POST '${base.href}api/v1/jobs/j-good:run'`)
  })

  await check('tabs are in the address, and Back steps through them', async () => {
    await tab('Request').click()
    await page.getByText('Up to 3 attempts').waitFor()
    await page.getByText('Paused after 10 failures in a row').waitFor()
    await page.getByText('•••••• secret').waitFor()
    assert.ok(!(await page.content()).includes('s3cret'))
    assert.equal(param('tab'), 'request')
    await axe(page)
    await picture(page, 'job-request')
    await tab('Upcoming').click()
    await page.getByRole('tabpanel').getByText('At 09:00, Monday to Friday').waitFor()
    await page.goBack()
    await page.getByText('Up to 3 attempts').waitFor()
    await page.reload()
    await page.getByText('Up to 3 attempts').waitFor()
    await page.goBack()
    await rows.first().waitFor()
  })

  await check('the night in which clocks go back is marked among what comes', async () => {
    await desk.goto('jobs/j-dst?tab=upcoming')
    await page.getByText('Here the clocks go back: +02:00 becomes +01:00').waitFor()
    await page.getByText('02:30 again by the job’s clock').waitFor()
    await picture(page, 'job-upcoming')
    await axe(page)
  })

  await check('failing and skipped are explained from the ledger', async () => {
    const failed = await runOf('j-fail', 'failed')
    await explains('j-fail', failed.fire_at, 'answered 500')
    await facts.getByText('HTTP 500').waitFor()
    await picture(page, 'job-explain-failed')
    await axe(page)
    const skipped = await runOf('j-slow', 'skipped')
    await explains('j-slow', skipped.fire_at, 'the previous run of the job was still going on')
    await why.getByRole('button', { name: /^Before/ }).click()
    await page.waitForURL((url) => url.searchParams.get('at') !== skipped.fire_at)
    await page.goBack()
    await page.waitForURL((url) => url.searchParams.get('at') === skipped.fire_at)
    await sentence.filter({ hasText: 'still going on' }).waitFor()
  })

  await check('a moment can be typed as a list or a log shows it', async () => {
    const run = await runOf('j-fail', 'failed')
    await desk.goto('jobs/j-fail')
    await moment.fill(`${run.fire_at.slice(0, 19).replace('T', ' ')} UTC`)
    await page.keyboard.press('Enter')
    await sentence.filter({ hasText: 'answered 500' }).waitFor()
    await moment.fill('the day before')
    await page.keyboard.press('Enter')
    await why.getByText('Write it as').waitFor()
    await button('Now').click()
    await sentence.waitFor()
    await why.getByRole('button', { name: /^Failed/ }).click()
    await sentence.filter({ hasText: 'answered 500' }).waitFor()
    await page.reload()
    await sentence.filter({ hasText: 'answered 500' }).waitFor()
  })

  await check('a pause is explained', async () => {
    await call(base, 'POST', 'jobs/j-fail:pause')
    await desk.goto('jobs/j-fail')
    await page.waitForTimeout(2_500)
    const { previous_fire_at } = await call(
      base,
      'GET',
      `jobs/j-fail/explain?at=${new Date().toISOString()}`,
    )
    await explains('j-fail', previous_fire_at, /paused/)
    await facts.getByText('Paused', { exact: true }).waitFor()
  })

  if (server) {
    await check('what was missed while the server was down is explained', async () => {
      await runOf('j-missed', 'succeeded')
      await server.halt()
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      await server.goOn()
      const run = await runOf('j-missed', 'missed')
      await explains('j-missed', run.fire_at, /[Nn]ot sent/)
      await why.getByText('Missed', { exact: true }).first().waitFor()
      await picture(page, 'job-explain-missed')
    })
  }

  await check('the chart is a slider of runs: arrows choose, Enter opens', async () => {
    await call(base, 'POST', 'jobs/j-slow:pause')
    await desk.goto('jobs/j-slow')
    const chart = page.getByRole('slider')
    await chart.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Home')
    assert.match(await chart.getAttribute('aria-valuetext'), /Succeeded, HTTP 200, took 2\.\d s/)
    assert.equal(await chart.getAttribute('aria-valuenow'), '1')
    await page.keyboard.press('Enter')
    await page.waitForURL(/[?&]run=\d+/)
    const box = await dialog(page)
    await box.getByText('the target answered 200').waitFor()
    await axe(page)
    await picture(page, 'job-run')
    await page.reload()
    await box.getByText('the target answered 200').waitFor()
    await page.goBack()
    await box.waitFor({ state: 'detached' })
    await page.waitForURL((url) => !url.searchParams.has('run'))
  })

  await check('filters narrow the runs, in the address', async () => {
    await desk.goto('jobs/j-slow')
    await rows.first().waitFor()
    await page.getByRole('combobox', { name: 'Outcome' }).click()
    await page.getByRole('option', { name: 'Skipped' }).click()
    await page
      .locator('[data-run-id]', { hasText: 'Succeeded' })
      .first()
      .waitFor({ state: 'detached' })
    assert.equal(param('state'), 'skipped')
    await page.reload()
    await rows.first().getByText('Skipped').waitFor()
    await page.getByRole('combobox', { name: 'Kind' }).click()
    await page.getByRole('option', { name: 'Manual' }).click()
    await page.getByText('No run matches').waitFor()
    await button('Clear the filters').last().click()
    await rows.first().waitFor()
    assert.equal(param('state'), null)
  })

  await check('a job that has ended keeps its history; an unknown id says so', async () => {
    await runOf('j-once', 'succeeded')
    await desk.goto('jobs/j-once')
    await page.getByText('Ended', { exact: true }).waitFor()
    await rows.first().getByText('Succeeded').waitFor()
    await axe(page)
    await picture(page, 'job-ended')
    await desk.goto('jobs/no-such-job')
    await page.getByText('There is no job no-such-job').waitFor()
    await axe(page)
    await page.getByRole('link', { name: 'Go to the jobs' }).waitFor()
  })

  await check('what cannot be loaded says so, and can be tried again', async () => {
    await page.route('**/api/v1/jobs/j-good', (route) => route.fulfill({ status: 500, body: 'no' }))
    await desk.goto('jobs/j-good')
    await page.getByText('This could not be loaded').waitFor()
    await page.unroute('**/api/v1/jobs/j-good')
    await button('Try again').click()
    await facts.waitFor()
  })

  await check('every display mode tells the same instant', async () => {
    const traveller = await openPage({ timezoneId: 'America/New_York' })
    await traveller.goto('jobs/j-good')
    const next = traveller.page.locator('dl.facts time').first()
    const { status } = await call(base, 'GET', 'jobs/j-good')
    const seen = async () => `${await next.textContent()} ${await next.getAttribute('datetime')}`
    const at = new Date(status.next_fire_at)
    const inZone = (timeZone) =>
      new Intl.DateTimeFormat('sv-SE', {
        timeZone,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(at)
    await next.waitFor()
    assert.ok((await seen()).startsWith(inZone('America/New_York')))
    for (const [mode, zone] of [
      ['job', 'Asia/Shanghai'],
      ['utc', 'UTC'],
    ]) {
      await traveller.page.evaluate((m) => localStorage.setItem('schedule-server.zone', m), mode)
      await traveller.page.reload()
      await next.waitFor()
      assert.ok((await seen()).startsWith(inZone(zone)), `${await seen()} in ${zone}`)
      assert.ok((await seen()).endsWith(at.toISOString()))
    }
    traveller.quiet()
    await traveller.close()
  })

  await check('long ids, both languages and themes, on a phone and a desk', async () => {
    const long = 'a-very-long-id-'.repeat(14)
    await put(long, {
      description: 'A long description that goes on and on. '.repeat(20),
      tags: ['tag-'.repeat(15)],
      trigger: { type: 'cron', cron: '1,2,3,5,8,13,21,34,55 0-6,8,9 1-7,15 * *' },
      request: to('x'.repeat(400)),
    })
    for (const [locale, colorScheme] of [
      ['zh-CN', 'light'],
      ['en-US', 'dark'],
    ]) {
      const phone = await openPage({ locale, colorScheme, viewport: { width: 360, height: 740 } })
      for (const [name, path] of [
        ['long', `jobs/${long}?tab=request`],
        ['fail', 'jobs/j-fail?tab=runs'],
        ['upcoming', 'jobs/j-dst?tab=upcoming&at=2027-10-31T00:30:00Z'],
      ]) {
        await phone.page.setViewportSize({ width: 360, height: 740 })
        await phone.goto(path)
        await phone.page.getByRole('tab').first().waitFor()
        await phone.page.waitForTimeout(500)
        assert.equal(await tooWide(phone.page), 0)
        await axe(phone.page)
        await picture(phone.page, `job-phone-${name}-${locale}`)
        await phone.page.setViewportSize({ width: 1360, height: 820 })
        await axe(phone.page)
        await picture(phone.page, `job-${name}-${locale}-${colorScheme}`)
      }
      phone.quiet()
      await phone.close()
    }
  })

  await check('delete asks, names the job and its runs, and leads to the list', async () => {
    await desk.goto('jobs/j-good')
    await button('More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    const box = await dialog(page)
    await box.getByText('Delete j-good?').waitFor()
    await box.getByText('The 1 run on record stays').waitFor()
    assert.equal(await focusedName(page), 'Cancel')
    await axe(page)
    await page.keyboard.press('Escape')
    await button('More actions').click()
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await box.getByRole('button', { name: 'Delete' }).click()
    await toast('j-good is deleted').waitFor()
    await page.waitForURL(/\/jobs$/)
  })

  await check('the page of a job leaves no complaints', () =>
    desk.quiet({ refused: true, stopped: true }),
  )
  await desk.close()
  await call(base, 'POST', 'jobs:bulk', { action: 'delete', filter: {} })
}
