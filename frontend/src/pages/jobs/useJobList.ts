import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, data } from '@/api/client'
import type { Job, JobListQuery, JobPage } from '@/api/types'
import { withRun } from '@/domain/patch'
import { useLive } from '@/live/useLive'
import { createRows, type Rows } from './rows'

/** Small enough to be quick, large enough for a screen and a half. */
export const PAGE = 50
/** With a filter the next page is fetched when so few rows are left below. */
const AHEAD = 25
/** What the pages of a filtered list are asked for under: they have no offset. */
const MORE = -1
/** Events of one instant are shown together. */
const GATHER_MS = 80

export interface Total {
  count: number
  exact: boolean
}

/**
 * The list for a query. Without a filter any part of it can be fetched at once;
 * with one the server finds the rows one page after another.
 */
export function useJobList(query: Ref<JobListQuery>, filtered: Ref<boolean>) {
  const rows = shallowRef<Rows>(createRows())
  const total = ref<Total>({ count: 0, exact: true })
  /** How many rows the list has, as far as is known. */
  const length = ref(0)
  const error = ref<unknown>(null)
  /** The first page of this query has come. */
  const ready = ref(false)
  const loading = ref(false)
  /** Jobs that were added since and are not shown. */
  const unseen = ref(0)

  let cursor: string | null = null
  let running = new AbortController()
  const asked = new Set<number>()
  let seen = { first: 0, last: PAGE }

  async function fetchPage(
    place: { offset: number } | { cursor: string | null },
  ): Promise<JobPage> {
    const where =
      'offset' in place ? { offset: place.offset } : { cursor: place.cursor ?? undefined }
    const params = { query: { ...query.value, ...(where as JobListQuery), limit: PAGE } }
    return data(api.GET('/api/v1/jobs', { params, signal: running.signal }))
  }

  /** Begins anew. What is shown stays until the new rows are there. */
  async function reload(): Promise<void> {
    running.abort()
    running = new AbortController()
    asked.clear()
    loading.value = true
    const mine = running
    try {
      const fresh = createRows()
      const page = await firstPages(fresh)
      if (mine !== running) return
      rows.value = fresh
      cursor = page.next_cursor
      setTotal(page)
      unseen.value = 0
      error.value = null
      ready.value = true
    } catch (caught) {
      if (mine === running && !isAbort(caught)) error.value = caught
    } finally {
      if (mine === running) loading.value = false
    }
  }

  /** What is on the screen now, or with a filter everything down to it. */
  async function firstPages(fresh: Rows): Promise<JobPage> {
    if (!filtered.value) {
      const offset = pageStart(seen.first)
      const page = await fetchPage({ offset })
      fresh.put(offset, page.items)
      return page
    }
    // What is rare lies many pages behind: the first match shows at once. A list that
    // is begun again needs what was on the screen.
    const wanted = ready.value && seen.first > 0 ? Math.min(seen.last, 4 * PAGE) : 1
    let page = await fetchPage({ cursor: null })
    fresh.put(0, page.items)
    while (page.next_cursor && fresh.loaded() < wanted) {
      page = await fetchPage({ cursor: page.next_cursor })
      fresh.put(fresh.loaded(), page.items)
    }
    return page
  }

  function setTotal(page: JobPage): void {
    const more = page.next_cursor ? 1 : 0
    total.value = filtered.value ? totalOf(page, rows.value.loaded()) : page.total
    length.value = filtered.value ? rows.value.loaded() + more : page.total.count
    rows.value.tell()
  }

  /** Fetches what these rows lack. */
  function show(first: number, last: number): void {
    seen = { first, last }
    if (!ready.value) return
    if (filtered.value) void more(last)
    else for (let at = pageStart(first); at <= last; at += PAGE) void fill(at)
  }

  async function fill(offset: number): Promise<void> {
    const end = Math.min(offset + PAGE, length.value)
    if (asked.has(offset) || rows.value.has(offset, end)) return
    await attempt(offset, { offset }, (page) => {
      rows.value.put(offset, page.items)
      setTotal(page)
    })
  }

  async function more(last: number): Promise<void> {
    if (!cursor || asked.has(MORE) || last + AHEAD < rows.value.loaded()) return
    const done = await attempt(MORE, { cursor }, (page) => {
      rows.value.put(rows.value.loaded(), page.items)
      cursor = page.next_cursor
      setTotal(page)
    })
    // A page with a filter may be short, even empty.
    if (done) await more(seen.last)
  }

  /** Fetches a page once at a time, and takes it unless the list has begun anew meanwhile. */
  async function attempt(
    key: number,
    place: Parameters<typeof fetchPage>[0],
    take: (page: JobPage) => void,
  ): Promise<boolean> {
    const mine = running
    asked.add(key)
    try {
      const page = await fetchPage(place)
      if (mine !== running) return false
      take(page)
      error.value = null
      return true
    } catch (caught) {
      if (mine === running && !isAbort(caught)) error.value = caught
      return false
    } finally {
      if (mine === running) asked.delete(key)
    }
  }

  let gathering: ReturnType<typeof setTimeout> | undefined

  function changed(): void {
    gathering ??= setTimeout(() => {
      gathering = undefined
      rows.value.tell()
    }, GATHER_MS)
  }

  /** What the user did shows at once. */
  function patch(job: Job): void {
    if (rows.value.set(job)) rows.value.tell()
  }

  function remove(jobId: string): void {
    if (!rows.value.remove(jobId)) return
    length.value -= 1
    total.value = { ...total.value, count: Math.max(0, total.value.count - 1) }
    changed()
  }

  useLive({
    job({ job_id, job }) {
      if (!job) remove(job_id)
      else if (rows.value.set(job)) changed()
      else if (job.status.created_at === job.status.updated_at) unseen.value += 1
    },
    run({ at, job_id, run }) {
      const job = rows.value.get(job_id)
      if (job && rows.value.set(withRun(job, run, at))) changed()
    },
    reset: () => void reload(),
  })

  watch(
    query,
    () => {
      seen = { first: 0, last: PAGE }
      void reload()
    },
    { immediate: true },
  )

  onScopeDispose(() => {
    running.abort()
    clearTimeout(gathering)
  })

  return { rows, total, length, error, ready, loading, unseen, reload, show, patch, remove }
}

export type JobList = ReturnType<typeof useJobList>

/** How many match, by what the server says and by what has been found so far. */
export function totalOf({ total, next_cursor }: JobPage, loaded: number): Total {
  if (!next_cursor) return { count: loaded, exact: true }
  return total.exact ? total : { count: Math.max(total.count, loaded), exact: false }
}

function pageStart(index: number): number {
  return Math.floor(index / PAGE) * PAGE
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
