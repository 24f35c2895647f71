import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { RecentRun } from '@/api/types'
import { recentWith } from '@/domain/patch'
import { useLive } from '@/live/useLive'

export const LAST_RUNS = 100

interface LastRuns {
  /** Newest first. */
  runs: RecentRun[]
  /** Whether the ledger has older ones. */
  more: boolean
}

/** The last hundred runs of a job, with each live event put in its place. */
export function useLastRuns(id: Ref<string>) {
  const client = useQueryClient()
  const key = computed(() => keys.runs({ job: id.value, last: LAST_RUNS }))

  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<LastRuns> => {
      const params = { path: { job_id: id.value }, query: { limit: LAST_RUNS } }
      const page = await data(api.GET('/api/v1/jobs/{job_id}/runs', { params, signal }))
      return { runs: page.items, more: page.next_cursor !== null }
    },
  })

  useLive({
    run: ({ job_id, run }) => {
      if (job_id !== id.value) return
      client.setQueryData<LastRuns>(key.value, (old) => {
        if (!old) return old
        const runs = recentWith(old.runs, run, LAST_RUNS)
        const known = old.runs.some((one) => one.run_id === run.run_id)
        return { runs, more: old.more || (!known && old.runs.length >= LAST_RUNS) }
      })
    },
  })

  return query
}
