import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import { fireWithin } from '@/domain/explain'
import { useLive } from '@/live/useLive'

/**
 * What the ledger says of an instant; nothing is asked while `at` is empty. Who
 * names a second means a fire time within it.
 */
export function useExplain(id: Ref<string>, at: Ref<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.explain(id.value, at.value)),
    queryFn: async ({ signal }) => {
      const asked = at.value
      const ask = (instant: string) => {
        const params = { path: { job_id: id.value }, query: { at: instant } }
        return data(api.GET('/api/v1/jobs/{job_id}/explain', { params, signal }))
      }
      const told = await ask(asked)
      const meant = fireWithin(told, asked)
      return meant ? { at: meant, told: await ask(meant) } : { at: asked, told }
    },
    enabled: () => at.value !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
  })

  useLive({
    run: ({ job_id, run }) => {
      const answer = query.data.value
      if (job_id !== id.value || !answer) return
      const { told } = answer
      const same = told.run
        ? told.run.run_id === run.run_id
        : Date.parse(run.fire_at) === Date.parse(answer.at)
      if (same) void query.refetch()
    },
  })

  return query
}
