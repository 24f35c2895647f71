import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { RecentRun, Run, RunPage } from '@/api/types'
import {
  isUnderWay,
  matches,
  newestFirst,
  sortEvents,
  withEvent,
  type RunFilters,
} from '@/domain/runList'
import { useLive } from '@/live/useLive'

const PAGE = 50
/** A page with a rare filter may be short: so many are read on until there is a screenful. */
const PAGES_AT_ONCE = 10
const SCREENFUL = 20
/** Events of one instant are taken together. */
const GATHER_MS = 150
/** So many runs are asked for one by one; more of them with the first page. */
const ASK_AT_MOST = 3
const LOAD_EVERY_MS = 1_000

type Pages = InfiniteData<RunPage, string>

/**
 * The history of a job, or of all with an empty id, page by page. Runs on the screen
 * are patched in place by live events; new ones come in at the top, unless `held`
 * says that somebody is reading: then they are counted, and wait until they are
 * asked for.
 */
export function useRunList(jobId: Ref<string>, filters: Ref<RunFilters>, held: () => boolean) {
  const client = useQueryClient()
  const key = computed(() => keys.runs({ job: jobId.value, pages: true, ...filters.value }))
  const unseen = ref(0)
  const abort = new AbortController()

  function load(cursor: string, signal: AbortSignal): Promise<RunPage> {
    const chosen = Object.fromEntries(Object.entries(filters.value).filter(([, value]) => value))
    const query = { limit: PAGE, ...chosen, ...(cursor ? { cursor } : {}) }
    if (!jobId.value) return data(api.GET('/api/v1/runs', { params: { query }, signal }))
    const params = { path: { job_id: jobId.value }, query }
    return data(api.GET('/api/v1/jobs/{job_id}/runs', { params, signal }))
  }

  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (last: RunPage) => last.next_cursor,
    placeholderData: (shown, shownBy) =>
      shownBy?.queryKey[1] &&
      'job' in shownBy.queryKey[1] &&
      shownBy.queryKey[1].job === jobId.value
        ? shown
        : undefined,
  })
  const runs = computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? [])

  watch(query.data, (shown) => {
    const more =
      query.hasNextPage.value && !query.isFetching.value && !query.isPlaceholderData.value
    const pages = shown?.pages.length ?? 0
    if (more && runs.value.length < SCREENFUL && pages % PAGES_AT_ONCE !== 0) {
      void query.fetchNextPage()
    }
  })

  function change(patch: (items: Run[], page: number) => Run[]): void {
    client.setQueryData<Pages>(
      key.value,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page, index) => ({ ...page, items: patch(page.items, index) })),
        },
    )
  }

  function replace(fresh: readonly Run[]): void {
    const byId = new Map(fresh.map((run) => [run.run_id, run]))
    change((items) => items.map((run) => byId.get(run.run_id) ?? run))
  }

  /** Events leave out the sentence. It is asked for, of this run only. */
  async function ask(runId: number): Promise<void> {
    const params = { path: { run_id: runId } }
    const run = await data(
      api.GET('/api/v1/runs/{run_id}', { params, signal: abort.signal }),
    ).catch(() => undefined)
    if (!run || !matches(run, filters.value)) return
    const known = runs.value.some(({ run_id }) => run_id === runId)
    if (known) replace([run])
    else if (paused()) unseen.value += 1
    else change((items, page) => (page === 0 ? [run, ...items].sort(newestFirst) : items))
  }

  /** What waits is shown together with what comes after it. */
  function paused(): boolean {
    return unseen.value > 0 || held()
  }

  let loading = false
  let again = false

  /** Loads the first page anew, once a second at most. While rows are held, no row moves. */
  async function loadTop(): Promise<void> {
    again = loading
    if (loading) return
    loading = true
    const asked = key.value
    const page = await load('', abort.signal).catch(() => undefined)
    if (page && asked === key.value) {
      if (paused()) replace(page.items)
      else client.setQueryData<Pages>(asked, { pages: [page], pageParams: [''] })
    }
    timers.add(
      setTimeout(() => {
        loading = false
        if (again) void loadTop()
      }, LOAD_EVERY_MS),
    )
  }

  const timers = new Set<ReturnType<typeof setTimeout>>()
  let gathered = new Map<number, RecentRun>()

  function take(): void {
    // What is on its way may be older than these events: they are put on top of it.
    if (!query.data.value && query.isFetching.value) {
      timers.add(setTimeout(take, GATHER_MS))
      return
    }
    const { known, fresh } = sortEvents([...gathered.values()], runs.value, filters.value)
    const byId = new Map(known.map((event) => [event.run_id, event]))
    gathered = new Map()
    if (known.length > 0) {
      change((items) =>
        items.map((run) => {
          const event = byId.get(run.run_id)
          return event ? withEvent(run, event) : run
        }),
      )
    }
    const wait = paused()
    if (wait) unseen.value += fresh.length
    const wanted = [...known.filter((event) => !isUnderWay(event)), ...(wait ? [] : fresh)]
    const grown = (query.data.value?.pages[0]?.items.length ?? 0) > 2 * PAGE
    if (wanted.length > ASK_AT_MOST || (grown && !wait)) void loadTop()
    else wanted.forEach(({ run_id }) => void ask(run_id))
  }

  useLive({
    run: ({ job_id, run }) => {
      if (jobId.value && job_id !== jobId.value) return
      if (gathered.size === 0) timers.add(setTimeout(take, GATHER_MS))
      gathered.set(run.run_id, run)
    },
  })

  async function showUnseen(): Promise<void> {
    const asked = key.value
    const page = await load('', abort.signal).catch(() => undefined)
    if (!page || asked !== key.value) return
    unseen.value = 0
    client.setQueryData<Pages>(asked, { pages: [page], pageParams: [''] })
  }

  watch(key, () => (unseen.value = 0))
  onScopeDispose(() => {
    abort.abort()
    timers.forEach(clearTimeout)
  })

  return { query, runs, unseen, showUnseen }
}
