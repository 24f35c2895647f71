import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import * as api from '@/api/scheduler'
import type { ApiError, ApiResult, Job } from '@/api/types'
import { mergeRows } from '@/domain/rows'

/**
 * The jobs that match `query`. `hold` tells at each refresh whether rows must
 * keep their places. Only the latest load counts.
 */
export function useJobs(query: Ref<string>, hold: () => boolean) {
  const jobs = shallowRef<Job[]>([])
  const total = ref(0)
  const error = shallowRef<ApiError | null>(null)
  const loadedAt = shallowRef<Date | null>(null)
  const loading = ref(false)
  /** The query that `jobs` answers. */
  const loadedQuery = ref(query.value)
  let running: AbortController | undefined

  async function refresh(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    const asked = query.value
    const answer = await api.getJobs(asked, mine.signal)
    if (running !== mine) return
    running = undefined
    loading.value = false
    if (!answer.ok) {
      error.value = answer.error
      return
    }
    const sameQuery = asked === loadedQuery.value
    jobs.value = mergeRows(jobs.value, answer.value.task_list, sameQuery && hold())
    total.value = answer.value.total
    loadedQuery.value = asked
    loadedAt.value = new Date()
    error.value = null
  }

  /** A load that began before an action may answer with the state before it. */
  function restartRefresh(): void {
    if (running) void refresh()
  }

  async function act(jobId: string, action: (id: string) => Promise<ApiResult<unknown>>) {
    const done = await action(jobId)
    restartRefresh()
    const fresh = await api.getJob(jobId)
    if (fresh.ok) patch(jobId, fresh.value)
    return done
  }

  async function remove(jobId: string): Promise<ApiResult<unknown>> {
    const done = await api.removeJob(jobId)
    if (done.ok) patch(jobId, null)
    restartRefresh()
    return done
  }

  function patch(jobId: string, fresh: Job | null): void {
    const others = jobs.value.filter((job) => job.job_id !== jobId)
    if (!fresh) {
      total.value -= jobs.value.length - others.length
      jobs.value = others
    } else {
      jobs.value = jobs.value.map((job) => (job.job_id === jobId ? fresh : job))
    }
  }

  watch(query, refresh)
  onScopeDispose(() => running?.abort())

  return {
    jobs,
    total,
    error,
    loadedAt,
    loading,
    loadedQuery,
    refresh,
    pause: (jobId: string) => act(jobId, api.pauseJob),
    resume: (jobId: string) => act(jobId, api.resumeJob),
    remove,
  }
}
