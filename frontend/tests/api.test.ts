import { afterEach, describe, expect, it, vi } from 'vitest'
import { readAnswer } from '@/api/http'
import { addJob, findJob, getJob, getJobs } from '@/api/scheduler'
import { answer, envelope, job } from './jobs'

function stubFetch(response: Response | Error) {
  const fetch = vi.fn<typeof globalThis.fetch>(() =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response),
  )
  vi.stubGlobal('fetch', fetch)
  return fetch
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('readAnswer', () => {
  it('unwraps the envelope', () => {
    const text = '{"success":true,"error":{"code":"","message":""},"data":{"job_id":"a"}}'
    expect(readAnswer(200, text)).toEqual({ ok: true, value: { job_id: 'a' } })
  })

  it('tells a refusal by code and message', () => {
    const text = '{"success":false,"error":{"code":"10011","message":"no"},"data":{}}'
    expect(readAnswer(200, text)).toEqual({
      ok: false,
      error: { kind: 'refused', code: '10011', message: 'no' },
    })
  })

  it('tells 422 faults by the last name of loc', () => {
    const detail = [
      { type: 'missing', loc: ['body', 'year'], msg: 'Field required', input: {} },
      { type: 'json_invalid', loc: ['body', 12], msg: 'JSON decode error', input: {} },
    ]
    expect(readAnswer(422, JSON.stringify({ detail }))).toEqual({
      ok: false,
      error: {
        kind: 'invalid',
        issues: [
          { field: 'year', message: 'Field required' },
          { field: '12', message: 'JSON decode error' },
        ],
      },
    })
  })

  it.each([
    [500, 'Internal Server Error', { kind: 'status', status: 500 }],
    [405, '{"detail":"Method Not Allowed"}', { kind: 'status', status: 405 }],
    [422, '{"detail":"odd"}', { kind: 'status', status: 422 }],
    [200, '<html></html>', { kind: 'malformed' }],
    [200, '[]', { kind: 'malformed' }],
  ])('status %i with %s', (status, text, error) => {
    expect(readAnswer(status, text)).toEqual({ ok: false, error })
  })
})

describe('the client', () => {
  it('asks for jobs by a part of the id, safely quoted', async () => {
    const fetch = stubFetch(envelope({ task_list: [job()], total: 1 }))
    expect(await getJobs('a+b&c')).toMatchObject({ ok: true, value: { total: 1 } })
    expect(fetch.mock.calls[0]?.[0]).toBe('/scheduler/get_jobs?job_id=a%2Bb%26c')
  })

  it('does not take another shape for a list', async () => {
    stubFetch(envelope({ task_list: [{ job_id: 1 }], total: 1 }))
    expect(await getJobs('')).toEqual({ ok: false, error: { kind: 'malformed' } })
  })

  it('posts the id, the url and the fields of the type', async () => {
    const fetch = stubFetch(envelope({ job_id: 'a' }))
    const fields = { hours: 0, minutes: 5, seconds: 0 }
    await addJob({ jobId: 'a', url: 'http://x/', schedule: { type: 'interval', fields } })
    const [url, options] = fetch.mock.calls[0] ?? []
    expect(url).toBe('/scheduler/interval/add_job')
    expect(options?.body).toBe('{"job_id":"a","url":"http://x/","hours":0,"minutes":5,"seconds":0}')
  })

  it('takes 404 with code 10013 for “no such job”', async () => {
    stubFetch(answer({ success: false, error: { code: '10013', message: 'x' }, data: {} }, 404))
    expect(await getJob('a')).toEqual({ ok: true, value: null })
  })

  it('finds whole ids only', async () => {
    stubFetch(envelope({ task_list: [job({ job_id: 'ab' })], total: 1 }))
    expect(await findJob('a')).toEqual({ ok: true, value: null })
  })

  it('tells an unreachable server', async () => {
    stubFetch(new TypeError('Failed to fetch'))
    expect(await getJobs('')).toEqual({ ok: false, error: { kind: 'network' } })
  })

  it('tells a call that the page gave up', async () => {
    stubFetch(new DOMException('aborted', 'AbortError'))
    expect(await getJobs('', AbortSignal.abort())).toEqual({
      ok: false,
      error: { kind: 'cancelled' },
    })
  })
})
