import type { RecentRun, Run, Stats } from '@/api/types'

/**
 * What is known of a run from an event, on top of what a list told of it. The
 * sentence of another state would be wrong: it is left out.
 */
export function withEvent(run: Run, event: RecentRun): Run {
  const { run_id, kind, fire_at, state, reason, status, lateness_ms, duration_ms, count } = event
  const known = { run_id, kind, fire_at, state, status, lateness_ms, duration_ms, count }
  const explanation = state === run.state ? run.explanation : { en: '', zh: '' }
  return { ...run, ...known, explanation, reason: reason as Run['reason'] }
}

/** Whether its last state is still to come. */
export function isUnderWay({ state }: Pick<RecentRun, 'state'>): boolean {
  return state === 'claimed' || state === 'firing'
}

/** Periods up to now that a history can be narrowed to. */
export const PERIODS = ['15m', '1h', '24h', '7d'] as const

const PERIOD_MS: Record<string, number> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
}

/** What lists of runs can be asked for. */
export interface RunFilters {
  state: string
  reason: string
  kind: string
  status: string
  from: string
  to: string
}

/** The parts of an address that narrow a history. */
export interface RunParams extends RunFilters {
  since: string
}

export const NO_FILTERS: RunParams = {
  state: '',
  reason: '',
  kind: '',
  status: '',
  from: '',
  to: '',
  since: '',
}

export function runParams(query: Record<string, string | undefined>): RunParams {
  const { state = '', reason = '', kind = '', status = '', from = '', to = '', since = '' } = query
  const isTime = (at: string) => !Number.isNaN(Date.parse(at))
  return {
    state,
    reason,
    kind,
    status,
    from: isTime(from) ? from : '',
    to: isTime(to) ? to : '',
    since: since in PERIOD_MS ? since : '',
  }
}

/** What the API is asked for; a period begins that long before `now`. */
export function runFilters({ since, ...params }: RunParams, now: Date): RunFilters {
  const ms = PERIOD_MS[since]
  return ms ? { ...params, from: new Date(now.getTime() - ms).toISOString() } : params
}

/** Whether a run that an event tells of belongs into a list of these filters. */
export function matches(run: RecentRun, filters: RunFilters): boolean {
  const { state, reason, kind, status, from, to } = filters
  const at = Date.parse(run.fire_at)
  return (
    (!state || state.split(',').includes(run.state)) &&
    (!reason || (run.reason !== null && reason.split(',').includes(run.reason))) &&
    (!kind || kind === run.kind) &&
    (!status || inStatus(run.status, status)) &&
    (!from || at >= Date.parse(from)) &&
    (!to || at < Date.parse(to))
  )
}

function inStatus(status: number | null, wanted: string): boolean {
  const [low = NaN, high = low] = wanted.split('-').map(Number)
  return status !== null && status >= low && status <= high
}

/** What stands above and below a run in a list that has the newest first. */
export function neighbours(
  runs: readonly { run_id: number }[],
  runId: number,
): { newer?: number | undefined; older?: number | undefined } {
  const place = runs.findIndex(({ run_id }) => run_id === runId)
  if (place < 0) return {}
  return { newer: runs[place - 1]?.run_id, older: runs[place + 1]?.run_id }
}

/** Events of runs against a list: what is in it already, and what belongs into it. */
export function sortEvents<E extends RecentRun>(
  events: readonly E[],
  runs: readonly { run_id: number }[],
  filters: RunFilters,
): { known: E[]; fresh: E[] } {
  const shown = new Set(runs.map(({ run_id }) => run_id))
  const known = events.filter(({ run_id }) => shown.has(run_id))
  const fresh = events.filter(
    (event) => !shown.has(event.run_id) && !isUnderWay(event) && matches(event, filters),
  )
  return { known, fresh }
}

export function newestFirst(a: Run, b: Run): number {
  return Date.parse(b.fire_at) - Date.parse(a.fire_at) || b.run_id - a.run_id
}

const OUTCOMES = ['succeeded', 'failed', 'unknown', 'missed', 'skipped', 'coalesced'] as const

/** How many fire times came to each final state; those that none came to are left out. */
export function countsOf({ outcomes }: Pick<Stats['last_hour'], 'outcomes'>) {
  return OUTCOMES.map((state) => ({
    state,
    runs: outcomes
      .filter((outcome) => outcome.state === state)
      .reduce((sum, { runs }) => sum + runs, 0),
  })).filter(({ runs }) => runs > 0)
}
