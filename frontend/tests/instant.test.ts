import { describe, expect, it } from 'vitest'
import { clockFor, countdown, formatInstant, readDate, toInputValue } from '@/domain/instant'

const now = new Date('2026-01-01T00:00:00Z')

describe('readDate (browser in New York)', () => {
  it('turns local time into UTC fields', () => {
    expect(readDate('2026-12-31T20:30:15', 'local', now)).toMatchObject({
      ok: true,
      fields: { year: 2027, month: 1, day: 1, hour: 1, minute: 30, second: 15 },
    })
  })

  it('takes UTC as typed, seconds may be left out', () => {
    expect(readDate('2026-12-31T20:30', 'utc', now)).toMatchObject({
      ok: true,
      fields: { year: 2026, month: 12, day: 31, hour: 20, minute: 30, second: 0 },
    })
  })

  it.each([
    ['', 'utc', 'required'],
    ['soon', 'utc', 'impossible'],
    ['2026-02-30T00:00:00', 'utc', 'impossible'],
    ['2026-13-01T00:00:00', 'local', 'impossible'],
    ['2026-06-01T24:00:00', 'local', 'impossible'],
    ['10000-01-01T00:00:00', 'utc', 'impossible'],
    ['2026-03-08T02:30:00', 'local', 'skipped'],
    ['2025-12-31T23:59:59', 'utc', 'past'],
    ['2026-01-01T00:00:00', 'utc', 'past'],
  ] as const)('refuses %s (%s): %s', (value, clock, fault) => {
    expect(readDate(value, clock, now)).toEqual({ ok: false, fault })
  })

  it('takes the skipped local hour as UTC', () => {
    expect(readDate('2026-03-08T02:30:00', 'utc', now).ok).toBe(true)
  })

  it('reads an hour that comes twice as its first pass', () => {
    expect(readDate('2026-11-01T01:30:00', 'local', now)).toMatchObject({ fields: { hour: 5 } })
  })
})

describe('input values', () => {
  it('come back as the same instant', () => {
    const at = new Date('2026-07-04T16:00:00Z')
    expect(toInputValue(at, 'local')).toBe('2026-07-04T12:00:00')
    expect(readDate(toInputValue(at, 'local'), 'local', now)).toMatchObject({ at })
  })

  it('are in UTC where local text would mean another instant', () => {
    expect(clockFor(new Date('2026-11-01T05:30:00Z'))).toBe('local')
    expect(clockFor(new Date('2026-11-01T06:30:00Z'))).toBe('utc')
  })
})

describe('texts', () => {
  it('formats on both clocks', () => {
    const at = new Date('2026-11-23T00:42:08Z')
    expect(formatInstant(at, 'utc')).toBe('2026-11-23 00:42:08')
    expect(formatInstant(at, 'local')).toBe('2026-11-22 19:42:08')
  })

  it.each([
    ['2026-01-01T00:00:00Z', null],
    ['2025-12-31T00:00:00Z', null],
    ['2026-01-01T00:00:00.200Z', { days: 0, clock: '00:00:01' }],
    ['2026-01-01T08:55:26Z', { days: 0, clock: '08:55:26' }],
    ['2026-01-04T04:00:09Z', { days: 3, clock: '04:00:09' }],
  ])('counts down to %s', (at, left) => {
    expect(countdown(new Date(at), now)).toEqual(left)
  })
})
