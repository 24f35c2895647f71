import { zonedParts } from '../instant'
import { isKnownZone } from '../zones'
import type { DurationForm, DurationUnit, InstantForm } from './types'

const UNIT_MS: Record<DurationUnit, number> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
/** Largest first. */
const UNITS: DurationUnit[] = ['d', 'h', 'min', 's', 'ms']

export const NO_DURATION: DurationForm = { n: '', unit: 's' }
export const NO_INSTANT: InstantForm = { date: '', time: '', at: '' }

/** In the largest unit that needs no fraction. */
export function durationForm(ms: number | null | undefined): DurationForm {
  if (ms === null || ms === undefined) return { ...NO_DURATION }
  if (ms === 0) return { n: '0', unit: 's' }
  const unit = UNITS.find((one) => ms % UNIT_MS[one] === 0) ?? 'ms'
  return { n: String(ms / UNIT_MS[unit]), unit }
}

/** Milliseconds; undefined for none, NaN for what is no number. */
export function durationMs({ n, unit }: DurationForm): number | undefined {
  const text = n.trim()
  if (text === '') return undefined
  return /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * UNIT_MS[unit]) : NaN
}

/** `1 s, 5 s, 1 min` */
export function durationList(times: readonly number[]): string {
  return times
    .map(durationForm)
    .map(({ n, unit }) => `${n} ${unit}`)
    .join(', ')
}

/** A number without a unit is in seconds. Undefined: it cannot be read. */
export function durationsMs(text: string): number[] | undefined {
  const times = text.split(/[,\s]*[,;][,\s]*/).map((part) => {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)?$/.exec(part.trim())
    return match ? Math.round(Number(match[1]) * UNIT_MS[(match[2] ?? 's') as DurationUnit]) : NaN
  })
  return times.some(Number.isNaN) ? undefined : times
}

/** A whole number; undefined for none, NaN for anything else. */
export function wholeNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : NaN
}

/** `200-299, 304` as the API has it: numbers, and ranges as texts. */
export function statusList(text: string): (number | string)[] {
  return text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

export function instantForm(at: string | null | undefined, zone: string): InstantForm {
  if (!at) return { ...NO_INSTANT }
  const { date, time } = zonedParts(new Date(at), isKnownZone(zone) ? zone : 'UTC')
  return { date, time, at }
}

/** No instant at all. */
export function isEmptyInstant({ date, time }: InstantForm): boolean {
  return date === '' && time === ''
}

/**
 * The instant of a wall clock, as the API takes it; undefined where the zone
 * passes it over or it cannot be read. Of a wall clock that comes twice the
 * first one, unless it was read from the second.
 */
export function instantOf(form: InstantForm, zone: string): string | undefined {
  if (!isKnownZone(zone))
    return form.at && sameWallClock(form.at, form, 'UTC') ? form.at : undefined
  if (form.at && sameWallClock(form.at, form, zone)) return form.at
  const time = /^\d{2}:\d{2}$/.test(form.time) ? `${form.time}:00` : form.time || '00:00:00'
  const wall = Date.parse(`${form.date}T${time}Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(form.date) || Number.isNaN(wall)) return undefined
  const wanted = { date: form.date, time }
  return [wall - DAY_MS, wall + DAY_MS]
    .map((near) => new Date(wall - offsetMs(near, zone)).toISOString())
    .filter((at) => sameWallClock(at, wanted, zone))
    .sort()
    .at(0)
}

const DAY_MS = 86_400_000

function sameWallClock(at: string, { date, time }: { date: string; time: string }, zone: string) {
  const parts = zonedParts(new Date(at), zone)
  return parts.date === date && (parts.time === time || parts.time === `${time}:00`)
}

/** By how much the zone's clock is ahead of UTC at an instant. */
function offsetMs(at: number, zone: string): number {
  const whole = Math.floor(at / 1000) * 1000
  const { date, time } = zonedParts(new Date(whole), zone)
  return Date.parse(`${date}T${time}Z`) - whole
}
