import type { Explained } from '@/api/types'

/** The fire time within the whole second that was asked for, if it is no fire time itself. */
export function fireWithin(told: Explained, asked: string): string | null {
  const at = Date.parse(asked)
  if (told.run !== null || told.next_fire_at === null || at % 1000 !== 0) return null
  const next = Date.parse(told.next_fire_at)
  return next > at && next < at + 1000 ? told.next_fire_at : null
}
