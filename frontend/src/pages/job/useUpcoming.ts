import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, watch, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { Job } from '@/api/types'

export const FEW_FIRES = 20

/** What the job will do next, and its schedule in the server's words. */
export function useUpcoming(job: Ref<Job>, count: Ref<number>) {
  const query = useQuery({
    queryKey: computed(() => keys.upcoming(job.value.job_id, count.value)),
    queryFn: ({ signal }) => {
      const params = { path: { job_id: job.value.job_id }, query: { n: count.value } }
      return data(api.GET('/api/v1/jobs/{job_id}/upcoming', { params, signal }))
    },
    placeholderData: keepPreviousData,
  })

  watch(
    () => {
      const { next_fire_at, state, updated_at } = job.value.status
      return [next_fire_at, state, updated_at].join()
    },
    () => void query.refetch(),
  )

  return query
}
