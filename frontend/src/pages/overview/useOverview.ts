import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, shallowRef, watch, type Ref } from 'vue'
import { api, data as answer } from '@/api/client'
import { keys } from '@/api/keys'
import type { JobListQuery } from '@/api/types'
import { isEnd, newer, withEnds, type End } from '@/domain/liveStats'
import { useLive } from '@/live/useLive'
import { useRefreshed } from './useRefreshed'

export const SPANS = ['24h', '7d'] as const
export type Span = (typeof SPANS)[number]

/** How often the sums are asked for while much happens, and while nothing does. */
const STATS_MS = 800
const QUIET_MS = 15_000
const LISTS_MS = 2_000
/** Of so many runs at once nobody can tell whether all are counted. */
const MOST_ENDS = 500

const QUERIES = {
  '24h': { behind: 24, ahead: 24, bucket: '15m' },
  '7d': { behind: 24, ahead: 168, bucket: '1h' },
}

/** The figures of the page: what came of the past day, and what lies ahead. */
export function useOverviewStats(span: Ref<Span>) {
  const stats = useQuery({
    queryKey: computed(() => keys.stats(QUERIES[span.value])),
    queryFn: ({ signal }) =>
      answer(api.GET('/api/v1/stats', { params: { query: QUERIES[span.value] }, signal })),
    refetchInterval: QUIET_MS,
    placeholderData: keepPreviousData,
  })
  useRefreshed(() => stats.refetch(), STATS_MS)

  // The sums come a moment after the runs that are in them.
  const ends = shallowRef<readonly End[]>([])
  useLive({
    run: ({ at, run: { run_id, state } }) => {
      if (isEnd(state))
        ends.value = [...ends.value, { run_id, at: Date.parse(at), state }].slice(-MOST_ENDS)
    },
    reset: () => (ends.value = []),
  })
  watch(stats.data, (known) => {
    if (known) ends.value = newer(ends.value, known)
  })
  const data = computed(() => stats.data.value && withEnds(stats.data.value, ends.value))
  return { data, error: stats.error, refetch: stats.refetch }
}

/** A few jobs at the head of a list; they stay in their places while `held`. */
export function useFewJobs(query: JobListQuery, held: Ref<boolean>) {
  const jobs = useQuery({
    queryKey: keys.found(query),
    queryFn: ({ signal }) => answer(api.GET('/api/v1/jobs', { params: { query }, signal })),
    refetchInterval: () => (held.value ? false : QUIET_MS),
  })
  useRefreshed(() => jobs.refetch(), LISTS_MS, held)
  return jobs
}
