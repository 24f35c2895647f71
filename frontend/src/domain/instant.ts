import type { DateFields } from '@/api/types'

/** Which clock the fields of a date job were typed in. */
export type Clock = 'local' | 'utc'

export type DateFault = 'required' | 'impossible' | 'skipped' | 'past'

export type DateResult =
  { ok: true; at: Date; fields: DateFields } | { ok: false; fault: DateFault }

const INPUT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$/

/**
 * The instant meant by a `datetime-local` value, with the UTC fields the server
 * wants. `skipped` is a local time that a clock change leaves out; a local time
 * that comes twice means the first one.
 */
export function readDate(value: string, clock: Clock, now: Date): DateResult {
  if (value === '') return { ok: false, fault: 'required' }
  const parts = parseInput(value)
  if (!parts) return { ok: false, fault: 'impossible' }
  if (isoParts(makeDate(parts, 'utc'), 'utc').join() !== parts.join()) {
    return { ok: false, fault: 'impossible' }
  }
  const at = makeDate(parts, clock)
  if (isoParts(at, clock).join() !== parts.join()) return { ok: false, fault: 'skipped' }
  if (at.getTime() <= now.getTime()) return { ok: false, fault: 'past' }
  return { ok: true, at, fields: utcFields(at) }
}

/** `2026-11-23 08:42:48` on the given clock. */
export function formatInstant(at: Date, clock: Clock): string {
  const [year, month, day, hour, minute, second] = isoParts(at, clock).map(pad)
  return `${year?.padStart(4, '0')}-${month}-${day} ${hour}:${minute}:${second}`
}

/** Value of a `datetime-local` input for the instant. */
export function toInputValue(at: Date, clock: Clock): string {
  return formatInstant(at, clock).replace(' ', 'T')
}

/** Local, unless the local text would mean another instant (the hour that comes twice). */
export function clockFor(at: Date): Clock {
  const parts = parseInput(toInputValue(at, 'local'))
  return parts && makeDate(parts, 'local').getTime() === at.getTime() ? 'local' : 'utc'
}

export interface Countdown {
  days: number
  /** `08:55:26` */
  clock: string
}

/** Time left in whole seconds, or null once the moment has come. */
export function countdown(at: Date, now: Date): Countdown | null {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000)
  if (seconds <= 0) return null
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  return { days: Math.floor(seconds / 86_400), clock: parts.map(pad).join(':') }
}

export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function parseInput(value: string): number[] | undefined {
  return INPUT.exec(value)
    ?.slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
}

function makeDate(parts: number[], clock: Clock): Date {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
  const at = new Date(0)
  if (clock === 'utc') {
    at.setUTCFullYear(year, month - 1, day)
    at.setUTCHours(hour, minute, second)
  } else {
    at.setFullYear(year, month - 1, day)
    at.setHours(hour, minute, second, 0)
  }
  return at
}

function isoParts(at: Date, clock: Clock): number[] {
  return clock === 'utc'
    ? Object.values(utcFields(at))
    : [
        at.getFullYear(),
        at.getMonth() + 1,
        at.getDate(),
        at.getHours(),
        at.getMinutes(),
        at.getSeconds(),
      ]
}

function utcFields(at: Date): DateFields {
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  }
}

function pad(part: number): string {
  return String(part).padStart(2, '0')
}
