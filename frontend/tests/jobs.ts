import type { Job, RecentRun } from '@/api/types'

/** A job as the list shows it, with other parts where they matter. */
export function job(parts: Partial<Job> = {}, status: Partial<Job['status']> = {}): Job {
  return {
    job_id: 'a',
    description: '',
    tags: [],
    trigger: { type: 'interval', minutes: 1 },
    request: { url: 'http://127.0.0.1:9/' },
    retry: null,
    policies: {},
    ...parts,
    status: {
      state: 'running',
      paused_by: null,
      next_fire_at: '2030-01-01T00:01:00.000Z',
      created_at: '2030-01-01T00:00:00.000Z',
      updated_at: '2030-01-01T00:00:00.000Z',
      consecutive_failures: 0,
      last_state: null,
      last_ended_at: null,
      last_duration_ms: null,
      recent: [],
      ...status,
    },
  }
}

export function recentRun(parts: Partial<RecentRun> = {}): RecentRun {
  return {
    run_id: 1,
    kind: 'scheduled',
    fire_at: '2030-01-01T00:00:00.000Z',
    state: 'succeeded',
    reason: null,
    status: 200,
    lateness_ms: 2,
    duration_ms: 10,
    count: 1,
    ...parts,
  }
}
