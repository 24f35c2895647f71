import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { System } from '@/api/types'
import { skewOf, type Part, type Skew } from '@/domain/serverState'
import { useLive } from '@/live/useLive'

export interface Look {
  system: System
  skew: Skew
}

const PERIOD_MS = 15_000
/** Jobs come in crowds; their number is asked for once they are in. */
const AFTER_JOBS_MS = 2_000

/** The server as it says itself, looked at again and again. */
export function useServer() {
  const query = useQuery({
    queryKey: keys.server(),
    queryFn: async ({ signal }): Promise<Look> => {
      const askedAt = Date.now()
      const system = await data(api.GET('/api/v1/system', { signal }))
      return { system, skew: skewOf(askedAt, Date.now(), system.now) }
    },
    refetchInterval: PERIOD_MS,
    staleTime: 0,
  })
  /** A server without its store tells nothing else of itself. */
  const readiness = useQuery({
    queryKey: keys.readiness(),
    queryFn: ({ signal }) => readParts(signal),
    enabled: computed(() => query.error.value !== null),
    refetchInterval: PERIOD_MS,
    staleTime: 0,
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  useLive({
    job: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void query.refetch()
      }, AFTER_JOBS_MS)
    },
  })
  onScopeDispose(() => {
    clearTimeout(timer)
  })

  return {
    look: query.data,
    error: query.error,
    /** The newest word on the parts, from whichever source has it. */
    parts: computed<readonly Part[]>(() =>
      query.error.value ? (readiness.data.value ?? []) : (query.data.value?.system.parts ?? []),
    ),
    again: () => query.refetch(),
  }
}

/** Which parts work: told with 503 too, when one that is needed does not. */
async function readParts(signal: AbortSignal): Promise<readonly Part[]> {
  const { data: ready, error: unready } = await api.GET('/readyz', { signal })
  return (ready ?? unready)?.parts ?? []
}
