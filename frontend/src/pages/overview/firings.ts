import { api, data } from '@/api/client'
import type { Firing } from '@/api/types'

export interface Firings {
  items: Firing[]
  /** Whether there are others, which were not asked for. */
  more: boolean
}

/** A page of the API may be short or even empty, and not the last one: so many are asked for. */
const PAGES = 30
const PAGE_LIMIT = 200

/** The jobs that fire from `from` on and before `to`, at most `most` of them. */
export async function loadFirings(
  from: Date,
  to: Date,
  most: number,
  signal: AbortSignal,
): Promise<Firings> {
  const span = { from: from.toISOString(), to: to.toISOString() }
  const items: Firing[] = []
  let cursor: string | null = null
  for (let page = 0; page < PAGES && items.length < most; page += 1) {
    const limit = Math.min(PAGE_LIMIT, most - items.length)
    const query: { from: string; to: string; limit: number; cursor?: string } = { ...span, limit }
    if (cursor) query.cursor = cursor
    const found = await data(api.GET('/api/v1/firings', { params: { query }, signal }))
    items.push(...found.items)
    cursor = found.next_cursor
    if (!cursor) break
  }
  return { items, more: cursor !== null }
}
