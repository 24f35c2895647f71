import { zonedParts } from './instant'

const DAY_MS = 86_400_000

/** What a `datetime-local` input shows of an instant: `2026-11-23T22:20:00`. */
export function toWallTime(at: Date, zone: string): string {
  const { date, time } = zonedParts(at, zone)
  return `${date}T${time}`
}

/**
 * The instants at which the clocks of a zone show `wall`: one; none in the night
 * they go forward; two, the earlier one first, in the night they go back.
 */
export function instantsOf(wall: string, zone: string): Date[] {
  const naive = Date.parse(`${wall}Z`)
  if (Number.isNaN(naive)) return []
  const offsets = new Set([naive - DAY_MS, naive + DAY_MS].map((near) => offsetMs(near, zone)))
  return [...offsets]
    .map((offset) => naive - offset)
    .filter((at) => at + offsetMs(at, zone) === naive)
    .sort((a, b) => a - b)
    .map((at) => new Date(at))
}

function offsetMs(at: number, zone: string): number {
  const wholeSecond = Math.floor(at / 1000) * 1000
  return Date.parse(`${toWallTime(new Date(wholeSecond), zone)}Z`) - wholeSecond
}

const WRITTEN =
  /^(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T\s]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?$/

/**
 * The wall time that a text stands for: `2026-11-23 22:20:00`, with or without
 * seconds, or a time of today. A text with an offset is an instant, told by the
 * clocks of `zone`. Null: it is neither.
 */
export function readWallTime(text: string, zone: string, today: Date): string | null {
  const trimmed = text.trim().replace(/\s*(?:UTC|GMT)$/i, 'Z')
  if (/:\d\d.*\d\s*(?:Z|[+-]\d\d:?\d\d)$/i.test(trimmed)) {
    const at = Date.parse(trimmed.replace(/\s+(?=[+-])/, '').replace(' ', 'T'))
    if (!Number.isNaN(at)) return toWallTime(new Date(at), zone)
  }
  const found = WRITTEN.exec(trimmed)
  if (!found) return null
  const [, year, month = '', day = '', hour = '', minute, second = '00'] = found
  const date = year
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
    : zonedParts(today, zone).date
  const wall = `${date}T${hour.padStart(2, '0')}:${minute}:${second}`
  const at = Date.parse(`${wall}Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(wall) ? wall : null
}
