import type { Stats } from '@/api/types'

type Behind = Stats['behind'][number]

/** What is told of the past day, from the floor of a bar to its top. */
export const PARTS = ['succeeded', 'failed', 'missed', 'skipped'] as const
export type Part = (typeof PARTS)[number]

/** Some hours of the past. Times are unix milliseconds. */
export interface PastHour {
  from: number
  to: number
  total: number
  parts: Record<Part, number>
}

const HOUR_MS = 3_600_000

/**
 * Sums of as many hours together, oldest first, counted back from the newest one. An unknown outcome stands with the failures, what
 * was merged into another run with the skipped.
 */
export function pastHours(behind: readonly Behind[], together = 1): PastHour[] {
  const hours = new Map<number, PastHour>()
  const hourOf = ({ from }: Behind) => Math.floor(Date.parse(from) / HOUR_MS)
  const newest = Math.max(...behind.map(hourOf))
  for (const bucket of behind) {
    const back = Math.floor((newest - hourOf(bucket)) / together)
    const from = (newest - (back + 1) * together + 1) * HOUR_MS
    const hour = hours.get(from) ?? emptyHours(from, together)
    hours.set(from, hour)
    const parts = {
      succeeded: bucket.succeeded,
      failed: bucket.failed + bucket.unknown,
      missed: bucket.missed,
      skipped: bucket.skipped + bucket.coalesced,
    }
    for (const part of PARTS) {
      hour.parts[part] += parts[part]
      hour.total += parts[part]
    }
  }
  return [...hours.values()]
}

function emptyHours(from: number, together: number): PastHour {
  const parts = { succeeded: 0, failed: 0, missed: 0, skipped: 0 }
  return { from, to: from + together * HOUR_MS, total: 0, parts }
}

/** The states of the API that a part of a bar stands for. */
export const STATES_OF: Record<Part, string> = {
  succeeded: 'succeeded',
  failed: 'failed,unknown',
  missed: 'missed',
  skipped: 'skipped,coalesced',
}
