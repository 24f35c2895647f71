import type { RunState, Stats } from '@/api/types'

/** A run that came to its last state. */
export interface End {
  run_id: number
  /** When that was committed, unix milliseconds. */
  at: number
  state: RunState
}

type Counted = 'succeeded' | 'failed' | 'unknown' | 'skipped' | 'missed' | 'coalesced'
const OPEN: readonly RunState[] = ['claimed', 'firing']

export function isEnd(state: RunState): state is Counted {
  return !OPEN.includes(state)
}

/** Those that these sums do not know of yet. */
export function newer(ends: readonly End[], stats: Stats): End[] {
  const known = Date.parse(stats.as_of)
  return ends.filter(({ at }) => at > known)
}

/** The sums with what has ended since they were made. */
export function withEnds(stats: Stats, ends: readonly End[]): Stats {
  const fresh = newer(ends, stats)
  const last = stats.behind.at(-1)
  if (fresh.length === 0 || !last) return stats
  const bucket = { ...last }
  for (const { state } of fresh) if (isEnd(state)) bucket[state] += 1
  return {
    ...stats,
    last_hour: { ...stats.last_hour, runs: stats.last_hour.runs + fresh.length },
    behind: [...stats.behind.slice(0, -1), bucket],
  }
}
