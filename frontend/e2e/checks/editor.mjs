// The job editor: what is typed is what is stored, faults stand at their fields, nothing is lost.
import assert from 'node:assert/strict'
import { call } from '../server.mjs'

/** So tall that nothing lies below what stays at the edges. */
const PHONE = { width: 360, height: 4_000 }
const SHANGHAI = { timezoneId: 'Asia/Shanghai' }

export default async function (tools) {
  const { check, base, target, openPage, axe, dialog, picture, tooWide } = tools
  const url = `${target.url}editor`
  const job = (id) => call(base, 'GET', `jobs/${encodeURIComponent(id)}`)
  const put = (id, definition) =>
    call(base, 'PUT', `jobs/${encodeURIComponent(id)}`, {
      trigger: { type: 'interval', hours: 1 },
      request: { url },
      ...definition,
    })
  const desk = await openPage(SHANGHAI)
  const { page } = desk
  page.on('dialog', (prompt) => prompt.accept())
  const field = (name, within = page) => within.getByLabel(name, { exact: true })
  const type = (name) => page.locator('.segments label').filter({ hasText: name }).first().click()
  const unfold = (name) => page.locator('summary').filter({ hasText: name }).click()
  const save = (name = 'Create job') => desk.button(name).click()
  /** Opens the editor without what an earlier check has left. */
  const open = async (path) => {
    await page.evaluate(() => sessionStorage.clear()).catch(() => undefined)
    await desk.goto(path)
  }
  const saved = (id) => page.waitForURL(new URL(`jobs/${encodeURIComponent(id)}`, base).href)
  const words = (text) => page.locator('.words').filter({ hasText: text }).waitFor()

  await check('an interval: days come back as days, the next fire times as one types', async () => {
    await open('jobs/new')
    await words(/1 hour|Every hour/)
    await field('ID').fill('editor interval')
    await page.getByText('Free', { exact: true }).waitFor()
    await field('Hours').fill('36')
    await words(/1 day/)
    await field('URL').fill(url)
    await picture(page, 'editor-interval')
    await save()
    await saved('editor interval')
    assert.deepEqual((await job('editor interval')).trigger, {
      type: 'interval',
      days: 1,
      hours: 12,
    })
  })

  await check('a cron: line and fields follow each other, weekdays are names', async () => {
    await open('jobs/new')
    await type('Cron')
    await field('Or paste one line').fill('30 9 * * 1-5')
    await page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some(({ value }) => value === 'mon-fri'),
    )
    assert.equal(await field('Weekday').inputValue(), 'mon-fri')
    await field('Weekday').fill('0')
    await field('Day').fill('31')
    assert.equal(await field('Weekday').inputValue(), 'mon')
    await page.locator('.warnings li').first().waitFor()
    await field('ID').fill('editor cron')
    await field('URL').fill(url)
    await save()
    await saved('editor cron')
    const { trigger } = await job('editor cron')
    assert.equal(trigger.timezone, 'Asia/Shanghai')
    assert.equal(
      `${trigger.minute} ${trigger.hour} ${trigger.day} ${trigger.day_of_week}`,
      '30 9 31 mon',
    )
  })

  await check('a date is read on the clock of the zone that was searched for', async () => {
    await open('jobs/new')
    await type('Date')
    const zone = page.getByRole('combobox', { name: 'Time zone' })
    assert.equal(await zone.inputValue(), 'Asia/Shanghai')
    await zone.fill('new york')
    await page.getByRole('option', { name: 'America/New_York' }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.zones').waitFor({ state: 'detached' })
    assert.equal(await zone.inputValue(), 'America/New_York')
    await field('Date and time: date').fill('2031-07-01')
    await field('Date and time: time').fill('09:00:00')
    await page.getByText('2031-07-01 13:00:00 UTC').first().waitFor()
    await field('ID').fill('editor date')
    await field('URL').fill(url)
    await save()
    await saved('editor date')
    assert.equal((await job('editor date')).trigger.at, '2031-07-01T13:00:00.000Z')
  })

  await check('a job that is opened and saved without a change is the same', async () => {
    const full = {
      description: 'Everything at once',
      tags: ['a', 'b c'],
      trigger: {
        type: 'cron',
        hour: '9',
        day_of_week: '0-4',
        timezone: 'Europe/Berlin',
        start: '2030-01-01T00:00:00.250Z',
        jitter_ms: 1500,
        dst: { gap: 'shift', fold: 'first' },
      },
      request: {
        url: `${url}?run={{fire_id}}`,
        method: 'POST',
        headers: [{ name: 'Authorization', value: { secret: 'Bearer 1' } }],
        query: [{ name: 'q', value: '' }],
        body: { json: { day: '{{fire_at}}' } },
        timeout_ms: 2500,
        redirects: 2,
        success: { statuses: [200, '300-302'], json_pointer: { pointer: '', equals: null } },
      },
      retry: { attempts: 5, delay: { table_ms: [250, 60000] }, on: { statuses: [500] } },
      policies: {
        misfire_grace: { ms: 300000 },
        catch_up: { all: 3 },
        overlap: { queue: 2 },
        delivery: 'at_least_once',
        pause_after_failures: 10,
        priority: -3,
      },
    }
    await put('editor full', full)
    const revision = async () =>
      (await fetch(new URL('api/v1/jobs/editor%20full', base))).headers.get('ETag')
    const before = await revision()
    await open('jobs/editor%20full/edit')
    await words('Monday to Friday')
    assert.equal(await page.getByText('Unsaved changes').count(), 0)
    await save('Save changes')
    await saved('editor full')
    assert.equal(await revision(), before)
  })

  await check(
    'faults of the server stand at their fields, and the first has the focus',
    async () => {
      const view = await openPage()
      await view.goto('jobs/new')
      await field('ID', view.page).fill('editor fault')
      await view.page.locator('summary').filter({ hasText: 'Delivery' }).click()
      await field('Priority', view.page).fill('99')
      await field('URL', view.page).fill('ftp://127.0.0.1/')
      await view.button('Create job').click()
      const wrong = view.page.locator('[aria-invalid=true]')
      await wrong.first().waitFor()
      const told = await wrong.evaluateAll((inputs) =>
        inputs.map((input) =>
          input
            .getAttribute('aria-describedby')
            .split(' ')
            .map((id) => document.getElementById(id).textContent)
            .join(' '),
        ),
      )
      assert.match(told[0], /only http and https/)
      await wrong
        .first()
        .evaluate((input) => input === document.activeElement || Promise.reject(input))
      await field('URL', view.page).fill(url)
      assert.equal(await view.page.getByText(/only http and https/).count(), 0)
      await view.button('Create job').click()
      await view.page.getByText(/allowed: -10 to 10/).waitFor()
      await axe(view.page)
      await picture(view.page, 'editor-faults')
      await view.close()
    },
  )

  await check('an id that is taken is replaced only when that is said', async () => {
    await put('editor taken', { description: 'the first' })
    await open('jobs/new')
    await field('ID').fill('editor taken')
    await field('URL').fill(`${url}?second`)
    await page.getByText('Taken', { exact: true }).waitFor()
    await save()
    await page.getByText('This ID is taken').waitFor()
    assert.equal((await job('editor taken')).description, 'the first')
    await field('Replace the job that has this ID').check()
    await save('Replace job')
    await saved('editor taken')
    assert.equal((await job('editor taken')).request.url, `${url}?second`)
  })

  await check('a conflict is told, and the choice is made by the user', async () => {
    await put('editor conflict', {})
    const view = await openPage()
    await view.goto('jobs/editor%20conflict/edit')
    await field('Hours', view.page).fill('2')
    await put('editor conflict', { description: 'theirs' })
    await view.button('Save changes').click()
    const asked = await dialog(view.page)
    await asked.getByText('description').waitFor()
    await asked.getByText('trigger.hours').waitFor()
    await axe(view.page)
    await picture(view.page, 'editor-conflict')
    await view.button('Keep editing').click()
    await view.button('Save changes').click()
    await dialog(view.page)
    await view.button('Overwrite with mine').click()
    await view.page.waitForURL(/conflict$/)
    const { description, trigger } = await job('editor conflict')
    assert.deepEqual([description, trigger.hours], ['', 2])
    await view.close()
  })

  await check('a draft outlives a reload, a secret does not; leaving is asked about', async () => {
    const view = await openPage()
    view.page.on('dialog', (prompt) => prompt.accept())
    await view.goto('jobs/new')
    await field('ID', view.page).fill('editor draft')
    await view.page.locator('summary').filter({ hasText: 'Headers' }).click()
    await view.button('Add Header').click()
    await field('Header 1: name', view.page).fill('X-Key')
    await field('Header 1: value', view.page).fill('hidden')
    await view.page.getByLabel('Secret').check()
    assert.equal(await field('Header 1: value', view.page).getAttribute('type'), 'password')
    assert.equal(await view.page.locator('pre').getByText('hidden').count(), 0)
    await view.page.waitForTimeout(500)
    await view.page.reload()
    await view.page.getByText('Your unsaved changes were restored').waitFor()
    assert.equal(await field('ID', view.page).inputValue(), 'editor draft')
    const kept = await view.page.evaluate(() => JSON.stringify(sessionStorage))
    assert.ok(!kept.includes('hidden'), 'the secret is in the storage')
    await view.page.getByRole('link', { name: 'Jobs', exact: true }).click()
    await dialog(view.page)
    await view.button('Cancel').last().click()
    await view.page.waitForTimeout(200)
    assert.match(view.page.url(), /jobs\/new$/)
    await view.page.getByRole('link', { name: 'Jobs', exact: true }).click()
    await dialog(view.page)
    await view.button('Discard and leave').click()
    await view.page.waitForURL(/jobs$/)
    await view.goto('jobs/new')
    assert.equal(await field('ID', view.page).inputValue(), '')
    view.quiet()
    await view.close()
  })

  await check('a copy has everything but id and secrets', async () => {
    await open('jobs/new?from=editor%20full')
    await words('Monday to Friday')
    await page.getByRole('heading', { name: 'Copy of editor full' }).waitFor()
    assert.equal(await field('ID').inputValue(), '')
    await unfold('Headers')
    await field('Header 1: value').fill('Bearer 2')
    await field('ID').fill('editor copy')
    await save()
    await saved('editor copy')
    const [one, two] = [await job('editor full'), await job('editor copy')]
    assert.deepEqual({ ...two, job_id: '', status: null }, { ...one, job_id: '', status: null })
  })

  await check('keyboard only: a job is created and changed', async () => {
    const view = await openPage()
    const { keyboard } = view.page
    await view.goto('jobs')
    await view.page.getByRole('heading', { level: 1 }).waitFor()
    await keyboard.press('n')
    await view.page.waitForURL(/jobs\/new$/)
    await field('ID', view.page).waitFor()
    const tabTo = async (id) => {
      for (let press = 0; press < 40; press += 1) {
        const label = await view.page.evaluate(
          () => document.activeElement?.labels?.[0]?.textContent.trim() ?? '',
        )
        if (label === id) return
        await keyboard.press('Tab')
      }
      throw new Error(`no way to ${id}`)
    }
    await tabTo('ID')
    await keyboard.type('editor keys')
    await tabTo('Interval')
    await keyboard.press('ArrowRight')
    await field('Minute', view.page).waitFor()
    await tabTo('Hour')
    await keyboard.type('7')
    await tabTo('URL')
    await keyboard.type(url)
    await keyboard.press('Enter')
    await view.page.waitForURL(/editor%20keys$/)
    assert.equal((await job('editor keys')).trigger.hour, '7')
    view.quiet()
    await view.close()
  })

  await check('curl and JSON follow the form', async () => {
    await open('jobs/new')
    await field('ID').fill('editor "quoted"')
    await page.locator('pre').getByText('editor%20%22quoted%22').waitFor()
    await page.getByRole('tab', { name: 'JSON' }).click()
    await field('Seconds').fill('9')
    await page.locator('pre').getByText('"seconds": 9').waitFor()
    await field('ID').fill('')
    await field('Seconds').fill('')
  })

  await check('axe finds nothing, a phone needs no sideways scrolling', async () => {
    for (const [locale, colorScheme] of [
      ['en-US', 'light'],
      ['zh-CN', 'dark'],
    ]) {
      const view = await openPage({ locale, colorScheme, viewport: PHONE })
      await view.goto('jobs/editor%20full/edit')
      await view.page.locator('.preview ol li').first().waitFor()
      const folded = view.page.locator('summary')
      for (let index = 0; index < (await folded.count()); index += 1) {
        await folded.nth(index).click()
      }
      assert.equal(await tooWide(view.page), 0)
      await axe(view.page)
      await view.page.locator('input[role=combobox]').first().click()
      await view.page.locator('.zones').waitFor()
      await axe(view.page)
      assert.equal(await tooWide(view.page), 0)
      await picture(view.page, `editor-phone-${colorScheme}`)
      view.quiet()
      await view.close()
    }
  })

  await check('the editor leaves no complaints', () => desk.quiet())
  await desk.close()
  const ids = ['interval', 'cron', 'date', 'full', 'taken', 'conflict', 'copy', 'keys']
  await call(base, 'POST', 'jobs:bulk', {
    action: 'delete',
    job_ids: ids.map((name) => `editor ${name}`),
  })
}
