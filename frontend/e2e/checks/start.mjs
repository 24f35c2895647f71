// The first visit: the ways to a first job that an empty server offers.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { call } from '../server.mjs'

const trigger = { type: 'interval', hours: 1 }

export default async function (tools) {
  const { check, base, openPage, axe, picture, tooWide } = tools
  const desk = await openPage({ permissions: ['clipboard-read', 'clipboard-write'] })
  const { page, button } = desk
  const empty = () => page.getByRole('heading', { name: 'No jobs yet' }).waitFor()
  const choose = (text) =>
    page
      .getByLabel('Choose a file')
      .first()
      .setInputFiles({
        name: 'jobs.jsonl',
        mimeType: 'application/jsonl',
        buffer: Buffer.from(text),
      })
  const line = (job_id, definition = {}) =>
    JSON.stringify({ job_id, definition: { trigger, request: { url: base.href }, ...definition } })

  await check('an empty server offers ways to begin, the first of them the form', async () => {
    await desk.goto('jobs')
    await empty()
    await button('Try it').waitFor()
    await picture(page, 'start')
    await axe(page)
    await page.getByRole('link', { name: 'New job' }).last().click()
    await page.waitForURL('**/jobs/new')
    await page.goBack()
    await empty()
  })

  await check('the command that is copied makes a job on this server', async () => {
    await button('Try it').waitFor()
    await button('Copy the command').click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(command, new RegExp(`'${base.href}api/v1/jobs/hello'`))
    await promisify(execFile)('sh', ['-c', command])
    const { request } = await call(base, 'GET', 'jobs/hello')
    assert.equal(request.url, `${base.href}api/v1/echo`)
    await call(base, 'DELETE', 'jobs/hello')
  })

  await check('a file with faults is told line by line, and imports nothing', async () => {
    await desk.goto('jobs')
    await empty()
    await choose([line('good'), line('bad', { trigger: { type: 'never' } })].join('\n'))
    await page
      .getByRole('alert')
      .getByText(/^Line 2: .*trigger/)
      .waitFor()
    await picture(page, 'start-faults')
    await axe(page)
    const { total } = await call(base, 'GET', 'jobs')
    assert.equal(total.count, 0)
  })

  await check('a file is imported, and its jobs stand there', async () => {
    await choose([line('one'), line('two')].join('\n'))
    await page.locator('[data-job-id=two]').waitFor()
    await page.getByText('2 jobs imported', { exact: true }).waitFor()
    await call(base, 'POST', 'jobs:bulk', { action: 'delete', filter: {} })
  })

  await check('the sample job is made at a click, and answered by this server', async () => {
    await desk.goto('jobs')
    await button('Try it').click()
    await page.waitForURL('**/jobs/hello')
    await call(base, 'POST', 'jobs/hello:run')
    for (;;) {
      const { status } = await call(base, 'GET', 'jobs/hello')
      if (status.recent.some(({ state }) => state === 'succeeded')) break
      await page.waitForTimeout(100)
    }
    await call(base, 'DELETE', 'jobs/hello')
  })

  await check('it fits a phone, in both languages and themes', async () => {
    for (const [locale, colorScheme] of [
      ['zh-CN', 'dark'],
      ['en-US', 'light'],
    ]) {
      const phone = await openPage({ locale, colorScheme, viewport: { width: 360, height: 800 } })
      await phone.goto('jobs')
      await phone.page.locator('.demo').waitFor()
      assert.equal(await tooWide(phone.page), 0)
      await axe(phone.page)
      await picture(phone.page, `start-phone-${locale}`)
      phone.quiet()
      await phone.close()
    }
  })

  await check('the first visit leaves no complaints', () => desk.quiet({ refused: true }))
  await desk.close()
}
