import { describe, expect, it } from 'vitest'
import { countdown, formatInstant, zonedParts, zoneOf } from '@/domain/instant'

describe('formatInstant', () => {
  const at = new Date('2026-11-23T14:20:00.004Z')

  it.each([
    ['UTC', '2026-11-23 14:20:00 UTC'],
    ['Asia/Shanghai', '2026-11-23 22:20:00 +08:00'],
    ['America/New_York', '2026-11-23 09:20:00 -05:00'],
    ['Asia/Kolkata', '2026-11-23 19:50:00 +05:30'],
  ])('in %s', (zone, text) => {
    expect(formatInstant(at, zone, { offset: true })).toBe(text)
  })

  it('tells the hour that comes twice apart by its offset', () => {
    const zone = 'America/New_York'
    const both = ['2026-11-01T05:30:00Z', '2026-11-01T06:30:00Z'].map((text) =>
      formatInstant(new Date(text), zone, { offset: true }),
    )
    expect(both).toEqual(['2026-11-01 01:30:00 -04:00', '2026-11-01 01:30:00 -05:00'])
  })

  it('shows milliseconds, and midnight as 00', () => {
    expect(formatInstant(at, 'UTC', { millis: true })).toBe('2026-11-23 14:20:00.004')
    expect(zonedParts(new Date('2026-01-01T00:00:00Z'), 'UTC').time).toBe('00:00:00')
  })
})

describe('zoneOf', () => {
  it('takes the browser’s zone, the job’s, or UTC', () => {
    expect(zoneOf('browser', 'Asia/Tokyo')).toBe('America/New_York')
    expect(zoneOf('job', 'Asia/Tokyo')).toBe('Asia/Tokyo')
    expect(zoneOf('job')).toBe('UTC')
    expect(zoneOf('utc', 'Asia/Tokyo')).toBe('UTC')
  })
})

describe('countdown', () => {
  const now = new Date('2026-11-23T14:20:00Z')
  const left = (ms: number) => countdown(new Date(now.getTime() + ms), now)

  it('counts whole seconds, days apart', () => {
    expect(left(8 * 3_600_000 + 55_000)).toEqual({ days: 0, clock: '08:00:55' })
    expect(left(90_000_000)).toEqual({ days: 1, clock: '01:00:00' })
    expect(left(1)).toEqual({ days: 0, clock: '00:00:01' })
  })

  it('ends when the moment has come', () => {
    expect(left(0)).toBeNull()
    expect(left(-5)).toBeNull()
  })
})
