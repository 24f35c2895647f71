import type { Job } from '@/api/types'

/** More rows than this are not rendered; the search narrows the list. */
export const MAX_ROWS = 500

/**
 * The rows to show after a refresh. With `hold` (the pointer or the focus is in
 * the list) rows keep their places and new ones come last, so nothing moves
 * under the user's hand; otherwise the server's order counts.
 */
export function mergeRows(shown: Job[], incoming: Job[], hold: boolean): Job[] {
  if (!hold) return incoming.slice(0, MAX_ROWS)
  const left = new Map(incoming.map((job) => [job.job_id, job]))
  const kept = shown.flatMap((job) => {
    const fresh = left.get(job.job_id)
    left.delete(job.job_id)
    return fresh ? [fresh] : []
  })
  return [...kept, ...left.values()].slice(0, MAX_ROWS)
}
