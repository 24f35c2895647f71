import { onScopeDispose, watch, type Ref } from 'vue'
import { api, data } from '@/api/client'
import type { Job } from '@/api/types'
import { useNow } from '@/composables/useNow'
import { useLive } from '@/live/useLive'

/** At most so many jobs are asked for in a second. */
const EACH_SECOND = 6

/**
 * Run events do not tell when a job fires next. The rows on the screen whose
 * instant has passed are asked for, one by one and not too many at once.
 */
export function useFreshFires(shown: Ref<readonly Job[]>, patch: (job: Job) => void): void {
  const now = useNow()
  const fired = new Set<string>()
  const abort = new AbortController()

  useLive({ run: ({ job_id, run }) => void (run.kind === 'scheduled' && fired.add(job_id)) })

  watch(now, () => {
    const due = shown.value.filter((job) => fired.has(job.job_id) && isPast(job))
    fired.clear()
    for (const job of due.slice(EACH_SECOND)) fired.add(job.job_id)
    for (const job of due.slice(0, EACH_SECOND)) void ask(job.job_id)
  })

  function isPast({ status }: Job): boolean {
    return status.next_fire_at !== null && new Date(status.next_fire_at) <= now.value
  }

  async function ask(jobId: string): Promise<void> {
    const params = { path: { job_id: jobId } }
    const job = await data(
      api.GET('/api/v1/jobs/{job_id}', { params, signal: abort.signal }),
    ).catch(() => undefined)
    if (job) patch(job)
  }

  onScopeDispose(() => {
    abort.abort()
  })
}
