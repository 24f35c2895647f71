// The settings: how the page looks, how the server does, jobs out of it and into it.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { call, importJobs } from '../server.mjs'

const trigger = { type: 'interval', hours: 1 }

export default async function ({ check, base, openPage, axe, picture, tooWide }) {
  const job = (job_id, parts = {}) => ({
    job_id,
    definition: { trigger, request: { url: base.href }, ...parts },
  })
  const file = (...jobs) => ({
    name: 'jobs.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(jobs.map((one) => JSON.stringify(one)).join('\n')),
  })
  await importJobs(base, [
    job('settings-a', { tags: ['settings'] }),
    { ...job('settings-b', { tags: ['settings'] }), state: 'paused' },
  ])

  const desk = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  const { page, button } = desk
  const section = (name) => page.getByRole('region', { name, exact: true })
  const fact = (name) => section('This server').locator('.groups dl > div', { hasText: name })
  const choose = (group, name) =>
    page.getByRole('group', { name: group }).getByText(name, { exact: true }).click()
  const onRoot = (name) => page.evaluate((key) => document.documentElement.dataset[key], name)
  const pick = (...jobs) =>
    section('Import')
      .locator('input[type=file]')
      .setInputFiles(file(...jobs))
  const figure = (name) =>
    section('Import').locator('.outcome dl > div', { hasText: name }).locator('dd')
  const copied = () => page.evaluate(() => navigator.clipboard.readText())

  await check('theme, density, zone, keys and language are switched and kept', async () => {
    await desk.goto('settings')
    await section('Display').waitFor()
    await choose('Theme', 'Dark')
    await choose('Density', 'Compact')
    await choose('Show times in', 'UTC')
    await choose('Single-key shortcuts', 'Off')
    await choose('Language', '中文')
    await section('显示').waitFor()
    await page.reload()
    await section('显示').waitFor()
    assert.equal(await onRoot('theme'), 'dark')
    assert.equal(await onRoot('density'), 'compact')
    assert.match(await section('显示').getByText('现在是').innerText(), /UTC$/)
    assert.ok(await page.getByRole('radio', { name: '关闭' }).isChecked())
    await page.keyboard.press('n')
    await choose('单键快捷键', '开启')
    assert.match(page.url(), /\/settings$/)
    await choose('语言', 'English')
    await choose('Theme', 'As the system')
    await choose('Density', 'Comfortable')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
  })

  await check('the server tells how it does', async () => {
    const system = await call(base, 'GET', 'system')
    await section('This server').getByText('Ready: every part works').waitFor()
    const parts = section('This server').getByRole('list', { name: 'Parts' }).getByRole('listitem')
    assert.equal(await parts.count(), system.parts.length)
    assert.match(await fact(/^Version/).innerText(), new RegExp(system.version))
    assert.match(await fact('Clock, against').innerText(), /in step|ahead|behind/)
    assert.match(await fact('History is kept').innerText(), /30 d/)
    assert.match(await fact(/^Size/).innerText(), /[KM]iB/)
    await section('This server').getByText(system.replica).waitFor()
    await section('This server').getByText('What it runs with').click()
    await section('This server').getByText('Limits', { exact: true }).click()
    await section('This server').getByText('RETENTION_AGE', { exact: true }).waitFor()
    await picture(page, 'settings-server')
    await axe(page)
  })

  await check('what is amiss stands first, with what it means', async () => {
    const view = await openPage()
    await view.page.route('**/api/v1/system', async (route) => {
      const answer = await route.fetch()
      const body = await answer.json()
      body.parts.push({
        part: 'lock',
        ok: false,
        required: false,
        since: '2030-01-01T00:00:00.000Z',
        detail: 'redis: connection refused',
      })
      body.parts = body.parts.filter(({ part, ok }) => part !== 'lock' || !ok)
      body.replicas.push({
        replica: 'a-replica-that-died',
        lease_until: '2030-01-01T00:00:00.000Z',
        alive: false,
        self: false,
      })
      await route.fulfill({ response: answer, json: body })
    })
    await view.goto('settings')
    await view.page.getByText('Ready, with 2 things amiss').waitFor()
    const first = view.page.getByRole('list', { name: 'Parts' }).getByRole('listitem').first()
    assert.match(await first.innerText(), /Fire lock[^]*connection refused[^]*goes on without/)
    await view.page.getByText('Does not answer').waitFor()
    await picture(view.page, 'settings-amiss')
    await axe(view.page)
    view.quiet()
    await view.close()
  })

  await check('a server without its database still tells which part is away', async () => {
    const view = await openPage()
    const since = '2030-01-01T00:00:00.000Z'
    const store = { part: 'store', ok: false, required: true, since, detail: 'disk full' }
    await view.page.route('**/api/v1/system', (route) =>
      route.fulfill({
        status: 503,
        contentType: 'application/problem+json',
        json: {
          type: 'urn:schedule-server:problem:unavailable',
          title: 'The server cannot do this at the moment',
          status: 503,
          detail: 'the store is away',
          errors: [],
        },
      }),
    )
    await view.page.route('**/readyz', (route) =>
      route.fulfill({ status: 503, json: { ready: false, parts: [store] } }),
    )
    await view.goto('settings')
    await view.page.getByText('Not ready', { exact: true }).waitFor()
    await view.page.getByText('disk full').waitFor()
    await view.page.getByText('the store is away').waitFor()
    await picture(view.page, 'settings-away')
    view.quiet({ refused: true })
    await view.close()
  })

  await check('an export is downloaded with the jobs that were asked for', async () => {
    await section('Export').getByLabel('Tag').fill('settings')
    const link = page.getByRole('link', { name: 'Export 2 jobs' })
    await link.waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
    assert.match(download.suggestedFilename(), /^jobs-\d{4}-\d\d-\d\d\.jsonl$/)
    const [head, ...lines] = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    assert.equal(JSON.parse(head).format, 1)
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).job_id),
      ['settings-a', 'settings-b'],
    )
    await section('Export').getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Paused' }).click()
    await page.getByRole('link', { name: 'Export 1 job', exact: true }).waitFor()
    await button('Copy the export as curl').click()
    assert.match(await copied(), /export\?state=paused&tag=settings' > jobs-\S+\.jsonl$/)
  })

  await check('a file is judged, and its wrong lines are told', async () => {
    await pick(job('settings-c'), job('settings-bad', { trigger: { type: 'never' } }))
    await section('Import').getByRole('alert').getByText('The file is refused').waitFor()
    const bad = section('Import').getByRole('listitem')
    assert.equal(await bad.count(), 1)
    assert.match(await bad.innerText(), /Line 2\s+settings-bad\s+.*trigger/)
    await picture(page, 'settings-refused')
    await axe(page)
    assert.equal(
      await section('Import')
        .getByRole('button', { name: /^Import / })
        .count(),
      0,
    )
  })

  await check('what is there already is refused, kept or replaced, as one chooses', async () => {
    await pick(job('settings-a', { description: 'other' }), job('settings-c'))
    await section('Import').getByText('settings-a').waitFor()
    await choose('Jobs that are there already', 'Keep them')
    await section('Import').getByText('Nothing is imported yet').waitFor()
    assert.equal(await figure('Kept though they differ').innerText(), '1')
    await choose('Jobs that are there already', 'Replace them')
    await button('Import 2 jobs').waitFor()
    assert.equal(await figure('New').innerText(), '1')
    assert.equal(await figure('Replaced').innerText(), '1')
    await picture(page, 'settings-judged')
    await axe(page)
    assert.equal((await call(base, 'GET', 'jobs/settings-a')).description, '')

    await button('Import 2 jobs').click()
    await section('Import').getByText('Imported', { exact: true }).waitFor()
    assert.equal((await call(base, 'GET', 'jobs/settings-a')).description, 'other')
    await call(base, 'GET', 'jobs/settings-c')
    await button('Copy the import as curl').click()
    assert.match(await copied(), /import\?existing=replace' .*--data-binary '@jobs\.jsonl'$/)
  })

  await check('the same file again has nothing to import', async () => {
    await pick(job('settings-c'))
    await section('Import').getByText('there is nothing to import').waitFor()
  })

  await check('the addresses lead somewhere', async () => {
    for (const name of ['API reference', 'OpenAPI document', 'Metrics', 'Readiness', 'Liveness']) {
      const link = section('Addresses').getByRole('link', { name })
      const answer = await fetch(await link.getAttribute('href'))
      assert.equal(answer.status, 200, name)
    }
    await button('Copy as curl: Metrics').click()
    assert.equal(await copied(), `curl -s '${base.href}metrics'`)
  })

  await check('it is at ease in both languages and themes, and on a phone', async () => {
    const wide = { width: 1360, height: 820 }
    const phone = { width: 390, height: 800 }
    for (const [name, locale, colorScheme, viewport] of [
      ['zh-light', 'zh-CN', 'light', wide],
      ['en-dark', 'en-US', 'dark', wide],
      ['phone-zh', 'zh-CN', 'dark', phone],
      ['phone-en', 'en-US', 'light', phone],
    ]) {
      const view = await openPage({ locale, colorScheme, viewport })
      await view.goto('settings')
      await view.page.locator('summary').first().click()
      await view.page
        .locator('input[type=file]')
        .setInputFiles(file(job('settings-new'), job('bad', { trigger: { type: 'never' } })))
      await view.page.getByRole('alert').waitFor()
      assert.ok((await tooWide(view.page)) <= 0, name)
      await axe(view.page)
      await view.page.locator('summary').first().click()
      await picture(view.page, `settings-${name}`)
      view.quiet({ refused: true })
      await view.close()
    }
  })

  await check('the settings leave no complaints', () => desk.quiet({ refused: true }))
  await desk.close()
  await call(base, 'POST', 'jobs:bulk', { action: 'delete', filter: { text: 'settings-' } })
}
