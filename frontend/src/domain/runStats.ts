import type { RecentRun } from '@/api/types'
import { toneOfRun } from './outcome'

export interface RunStats {
  /** Runs that were looked at. */
  n: number
  /** Fire times they stand for that came to nothing: skipped, missed, merged. */
  unsent: number
  ok: number
  failed: number
  /** Share of good ones among those that were sent, 0 to 1; null: none was. */
  rate: number | null
  duration: Spread | null
  lateness: Spread | null
}

export interface Spread {
  min: number
  p50: number
  p95: number
  max: number
}

export function runStats(runs: readonly RecentRun[]): RunStats {
  const ok = runs.filter((run) => run.state === 'succeeded').length
  const failed = runs.filter((run) => run.state === 'failed' || run.state === 'unknown').length
  const unsent = runs
    .filter((run) => ['skipped', 'missed', 'coalesced'].includes(run.state))
    .reduce((sum, run) => sum + run.count, 0)
  return {
    n: runs.length,
    unsent,
    ok,
    failed,
    rate: ok + failed > 0 ? ok / (ok + failed) : null,
    duration: spread(runs.map((run) => run.duration_ms)),
    lateness: spread(runs.map((run) => run.lateness_ms)),
  }
}

/** Percentiles are values that occurred, by nearest rank. */
export function spread(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return null
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? max
  return { min, p50: rank(0.5), p95: rank(0.95), max }
}

/** The last run of each way to go out of plan, newest first: where a question begins. */
export function oddRuns(runs: readonly RecentRun[], n: number): RecentRun[] {
  const seen = new Set<string>()
  return runs
    .filter((run) => {
      const odd = !['ok', 'busy'].includes(toneOfRun(run.state)) && !seen.has(run.state)
      if (odd) seen.add(run.state)
      return odd
    })
    .slice(0, n)
}

/** Whether a request left for it, so that there is an answer to look at. */
export function wasSent({ state }: Pick<RecentRun, 'state'>): boolean {
  return !['skipped', 'missed', 'coalesced'].includes(state)
}
