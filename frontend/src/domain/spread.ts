import type { Trigger } from '@/api/types'

/** Amounts of jitter that are offered, in milliseconds. */
export const AMOUNTS = [10_000, 30_000, 60_000, 300_000, 900_000] as const

/** Whether a job fires more often than once a minute, so that there is no room to spread it. */
export function isOften(trigger: Trigger): boolean {
  if (trigger.type === 'interval') {
    const { weeks, days, hours, minutes, seconds } = trigger
    return !weeks && !days && !hours && !minutes && (seconds ?? 0) < 60
  }
  if (trigger.type === 'date') return false
  const fields = trigger.cron?.trim().split(/\s+/)
  const second = fields ? (fields.length > 5 ? fields[0] : '0') : trigger.second
  return !/^\d+$/.test(String(second ?? '0'))
}

/** Into how many columns a picture of a spread is divided. */
export const COLUMNS = 48

/**
 * How many requests are sent in each column of a picture: `delays` are milliseconds
 * behind the shared instant, all of them below `within`.
 */
export function columns(delays: readonly number[], within: number): number[] {
  const counts = Array.from({ length: COLUMNS }, () => 0)
  for (const delay of delays) {
    const column = Math.min(COLUMNS - 1, Math.floor((delay / within) * COLUMNS))
    counts[column] = (counts[column] ?? 0) + 1
  }
  return counts
}

/** The most that are sent within one second. */
export function peak(delays: readonly number[]): number {
  const seconds = new Map<number, number>()
  for (const delay of delays) {
    const second = Math.floor(delay / 1000)
    seconds.set(second, (seconds.get(second) ?? 0) + 1)
  }
  return Math.max(0, ...seconds.values())
}

/** Runs `work` on each item, at most `width` at once; in the order of the items. */
export async function inTurn<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  async function walk(): Promise<void> {
    for (let at = next++; at < items.length; at = next++) {
      results[at] = await work(items[at] as T)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, walk))
  return results
}
