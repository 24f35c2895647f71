import type { RecentRun } from '@/api/types'
import { toneOfRun, type Tone } from './outcome'

export const BAR_WIDTH = 4
export const BAR_GAP = 2
const HEIGHT = 20

/** Height of a bar by tone: what did not go well is told by its shape as well. */
const TOPS: Record<Tone, number> = { ok: 0, fail: 0, warn: 8, idle: 13, busy: 13 }

/**
 * One path for each tone of the last runs, oldest at the left, the newest at the
 * right edge of `slots`. A failure is a full bar with a gap.
 */
export function heartbeatPaths(recent: readonly RecentRun[], slots: number): [Tone, string][] {
  const paths = new Map<Tone, string>()
  recent.slice(0, slots).forEach((run, index) => {
    const tone = toneOfRun(run.state)
    const x = (slots - 1 - index) * (BAR_WIDTH + BAR_GAP)
    paths.set(tone, (paths.get(tone) ?? '') + bar(tone, x))
  })
  return [...paths]
}

function bar(tone: Tone, x: number): string {
  if (tone === 'fail')
    return `M${x} 0h${BAR_WIDTH}v11h-${BAR_WIDTH}zm0 14h${BAR_WIDTH}v6h-${BAR_WIDTH}z`
  return `M${x} ${TOPS[tone]}h${BAR_WIDTH}V${HEIGHT}h-${BAR_WIDTH}z`
}

/** How many of the runs went well, failed, or came to something else. */
export function heartbeatCounts(recent: readonly RecentRun[]) {
  const ok = recent.filter((run) => toneOfRun(run.state) === 'ok').length
  const failed = recent.filter((run) => toneOfRun(run.state) === 'fail').length
  return { n: recent.length, ok, failed, other: recent.length - ok - failed }
}
