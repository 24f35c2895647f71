import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from './error'

/** Live events keep the caches fresh, so nothing is loaded again just because of its age. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 120_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 1 && isPassing(error),
      retryDelay: 500,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

/** Whether the same call may succeed a moment later. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.kind === 'network' || error.status === 503)
}
