import type { Job, JobStatus, RecentRun } from '@/api/types'

const RECENT_RUNS = 30
const UNDER_WAY: readonly string[] = ['claimed', 'firing']

/** The job with what a run event tells of it: its place in `recent`, and the last outcome. */
export function withRun(job: Job, run: RecentRun, at: string): Job {
  return {
    ...job,
    status: {
      ...job.status,
      ...outcome(job.status, run, at),
      recent: recentWith(job.status.recent, run),
    },
  }
}

/** Newest fire time first; a run that is known gets its new state in place. */
export function recentWith<R extends RecentRun>(
  recent: readonly R[],
  run: R,
  limit = RECENT_RUNS,
): R[] {
  const others = recent.filter((one) => one.run_id !== run.run_id)
  const place = others.findIndex((one) => isNewer(run, one))
  const index = place < 0 ? others.length : place
  return [...others.slice(0, index), run, ...others.slice(index)].slice(0, limit)
}

function isNewer(run: RecentRun, other: RecentRun): boolean {
  const apart = Date.parse(run.fire_at) - Date.parse(other.fire_at)
  return apart > 0 || (apart === 0 && run.run_id > other.run_id)
}

function outcome(status: JobStatus, run: RecentRun, at: string): Partial<JobStatus> {
  if (UNDER_WAY.includes(run.state)) return {}
  const failures =
    run.kind === 'manual'
      ? status.consecutive_failures
      : run.state === 'failed'
        ? status.consecutive_failures + 1
        : run.state === 'succeeded'
          ? 0
          : status.consecutive_failures
  const known = status.recent.some((one) => one.run_id === run.run_id && one.state === run.state)
  return {
    last_state: run.state as JobStatus['last_state'],
    last_ended_at: at,
    last_duration_ms: run.duration_ms ?? status.last_duration_ms,
    consecutive_failures: known ? status.consecutive_failures : failures,
  }
}
