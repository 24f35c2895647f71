import { useQueries } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { Job } from '@/api/types'
import { useTimes } from '@/composables/useTimes'
import { jobZone } from '@/domain/schedule'

/**
 * The zones of jobs, which runs do not tell: asked for only while instants are shown
 * in them, once for each job on the screen.
 */
export function useJobZones(runs: Ref<readonly { job_id: string }[]>) {
  const { zoneMode } = useTimes()
  const ids = computed(() =>
    zoneMode.value === 'job' ? [...new Set(runs.value.map(({ job_id }) => job_id))] : [],
  )
  const jobs = useQueries({
    queries: computed(() =>
      ids.value.map((id) => ({
        queryKey: keys.job(id),
        queryFn: ({ signal }: { signal: AbortSignal }): Promise<Job> =>
          data(api.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: id } }, signal })),
        retry: false,
      })),
    ),
  })
  const zones = computed(
    () =>
      new Map(
        jobs.value.flatMap(({ data: job }) =>
          job ? [[job.job_id, jobZone(job.trigger)] as const] : [],
        ),
      ),
  )
  return (id: string) => zones.value.get(id) ?? null
}
