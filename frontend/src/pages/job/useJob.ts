import { useQuery } from '@tanstack/vue-query'
import { computed, watch, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { ApiError } from '@/api/error'
import { keys } from '@/api/keys'
import { useNow } from '@/composables/useNow'
import { useLive } from '@/live/useLive'

/** Run events do not tell when a job fires next: it is asked for so long after the instant. */
const AFTER_FIRE_MS = 300

/** The job, kept fresh, and whether there is none of that id (any more). */
export function useJob(id: Ref<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.job(id.value)),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: id.value } }, signal })),
  })
  const gone = computed(() => {
    const error = query.error.value
    return error instanceof ApiError && error.code === 'no-such-job'
  })

  const now = useNow()
  watch(now, (time) => {
    const next = query.data.value?.status.next_fire_at
    if (gone.value || !next || time.getTime() < Date.parse(next) + AFTER_FIRE_MS) return
    if (!query.isFetching.value) void query.refetch()
  })

  useLive({
    job: ({ job_id, job }) => {
      if (job_id === id.value && job && gone.value) void query.refetch()
    },
  })

  return { job: query.data, gone, error: query.error, reload: () => void query.refetch() }
}
