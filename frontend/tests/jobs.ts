import type { Job } from '@/api/types'

/** A cron job that fires each minute, with the given differences. */
export function job(differences: Partial<Job> = {}): Job {
  return {
    job_id: 'a',
    name: 'requests_url',
    type: 'cron',
    data: { second: '0', minute: '*', hour: '*', day: '*', month: '*', day_of_week: '*' },
    request_url: 'http://target.example/hook',
    next_run_time: '2099-01-01T00:00:00+00:00',
    status: 'running',
    ...differences,
  }
}

/** An answer of the server as `fetch` gives it. */
export function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status })
}

export function envelope(data: unknown): Response {
  return answer({ success: true, error: { code: '', message: '' }, data })
}
