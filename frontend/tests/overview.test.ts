import type { RunState, Stats } from '@/api/types'
import { describe, expect, it } from 'vitest'
import {
  dayCalendar,
  level,
  neighbour,
  weekCalendar,
  type Bucket,
  type Slot,
} from '@/domain/calendar'
import { isEnd, newer, withEnds, type End } from '@/domain/liveStats'
import { pastHours } from '@/domain/pastHours'
import { columns, COLUMNS, inTurn, isOften, peak } from '@/domain/spread'

function buckets(from: string, minutes: number, count: number): Bucket[] {
  return Array.from({ length: count }, (_, n) => ({
    from: new Date(Date.parse(from) + n * minutes * 60_000).toISOString(),
    firings: n,
  }))
}

describe('the next day', () => {
  it('has a column for each hour and a row for each quarter', () => {
    const day = dayCalendar(buckets('2026-11-23T10:30:00Z', 15, 97), 'UTC')
    expect(day.columns.slice(0, 3)).toEqual(['10', '11', '12'])
    expect(day.columns).toHaveLength(25)
    expect(day.slots[0]).toMatchObject({ row: 2, column: 0, firings: 0 })
    expect(day.slots[2]).toMatchObject({ row: 0, column: 1, firings: 2 })
    expect(day.slots.at(-1)).toMatchObject({ row: 2, column: 24 })
    expect(day.most).toBe(96)
  })

  it('follows zones whose hours begin between those of UTC', () => {
    const day = dayCalendar(buckets('2026-11-23T10:15:00Z', 15, 8), 'Asia/Kolkata')
    expect(day.columns).toEqual(['15', '16', '17'])
    expect(day.slots.map(({ row, column }) => [column, row])).toEqual([
      [0, 3],
      [1, 0],
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 0],
      [2, 1],
      [2, 2],
    ])
  })

  it('shows an hour twice that the clocks show twice', () => {
    const day = dayCalendar(buckets('2026-11-01T04:00:00Z', 15, 16), 'America/New_York')
    expect(day.columns).toEqual(['00', '01', '01', '02'])
  })

  it('is nothing without buckets', () => {
    expect(dayCalendar([], 'UTC').slots).toEqual([])
    expect(weekCalendar([], 'UTC').rows).toEqual([])
  })
})

describe('how dark a slot is', () => {
  const levels = (...firings: number[]) => {
    const all = buckets('2026-11-23T10:00:00Z', 15, firings.length)
    const calendar = dayCalendar(
      all.map((bucket, n) => ({ ...bucket, firings: firings[n] ?? 0 })),
      'UTC',
    )
    return calendar.slots.map((slot) => level(calendar, slot))
  }

  it('tells where it bunches', () => {
    const [none, few, most] = levels(0, 5, 100, 0)
    expect(none).toBe(0)
    expect(few).toBeGreaterThan(0.1)
    expect(few).toBeLessThan(0.3)
    expect(most).toBe(1)
  })

  it('is the same middle for all where all are alike', () => {
    const [first, ...alike] = levels(3, 90, 90, 90, 90)
    expect(new Set(alike).size).toBe(1)
    expect(alike[0]).toBeLessThan(0.5)
    expect(first).toBeLessThan(alike[0] ?? 0)
  })

  it('shows what comes on top of what fires all the time', () => {
    const [, usual, more] = levels(90, 90, 180, 90, 90)
    expect(more).toBe(1)
    expect(usual).toBeLessThan(0.65)
  })
})

describe('the next week', () => {
  it('has a row for each day of the wall clock', () => {
    const week = weekCalendar(buckets('2026-11-23T10:00:00Z', 60, 168), 'Asia/Shanghai')
    expect(week.rows).toHaveLength(8)
    expect(week.rows[0]).toBe('2026-11-23')
    expect(week.slots[0]).toMatchObject({ row: 0, column: 18 })
    expect(week.slots[6]).toMatchObject({ row: 1, column: 0, firings: 6 })
  })

  it('sums an hour shown twice and has a gap where one is left out', () => {
    const back = weekCalendar(buckets('2026-11-01T04:00:00Z', 60, 4), 'America/New_York')
    expect(back.slots.map(({ column, firings }) => [column, firings])).toEqual([
      [0, 0],
      [1, 3],
      [2, 3],
    ])
    const forward = weekCalendar(buckets('2026-03-08T06:00:00Z', 60, 3), 'America/New_York')
    expect(forward.slots.map(({ column }) => column)).toEqual([1, 3, 4])
  })
})

describe('arrow keys', () => {
  const { slots } = dayCalendar(buckets('2026-11-23T10:30:00Z', 15, 8), 'UTC')
  function at(row: number, column: number): Slot {
    const found = slots.find((slot) => slot.row === row && slot.column === column)
    if (!found) throw new Error(`no slot at ${row}, ${column}`)
    return found
  }

  it('lead to the nearest slot', () => {
    expect(neighbour(slots, at(2, 0), 'ArrowRight')).toBe(at(2, 1))
    expect(neighbour(slots, at(2, 0), 'ArrowUp')).toBe(at(1, 1))
    expect(neighbour(slots, at(2, 0), 'ArrowLeft')).toBeUndefined()
    expect(neighbour(slots, at(0, 2), 'ArrowDown')).toBe(at(1, 2))
    expect(neighbour(slots, at(0, 2), 'Home')).toBe(at(0, 1))
    expect(neighbour(slots, at(0, 2), 'x')).toBeUndefined()
  })
})

describe('the past day', () => {
  const bucket = (from: string, succeeded: number, unknown = 0) => ({
    from,
    succeeded,
    failed: 1,
    unknown,
    missed: 2,
    skipped: 3,
    coalesced: 4,
  })

  it('is summed by three hours where there is little room', () => {
    const [early, late] = pastHours(
      [
        bucket('2026-11-23T08:00:00Z', 1),
        bucket('2026-11-23T09:00:00Z', 2),
        bucket('2026-11-23T11:00:00Z', 4),
      ],
      3,
    )
    const at = (hours: number) => Date.parse('2026-11-23T00:00:00Z') + hours * 3_600_000
    expect(early).toMatchObject({ from: at(6), to: at(9), parts: { succeeded: 1 } })
    expect(late).toMatchObject({ from: at(9), to: at(12), parts: { succeeded: 6 } })
  })

  it('is summed by hours', () => {
    const hours = pastHours([
      bucket('2026-11-23T10:45:00Z', 10),
      bucket('2026-11-23T11:00:00Z', 20, 5),
      bucket('2026-11-23T11:15:00Z', 30),
    ])
    expect(hours).toHaveLength(2)
    expect(hours[1]).toMatchObject({
      from: Date.parse('2026-11-23T11:00:00Z'),
      to: Date.parse('2026-11-23T12:00:00Z'),
      parts: { succeeded: 50, failed: 7, missed: 4, skipped: 14 },
      total: 75,
    })
  })
})

describe('the figures', () => {
  const stats = {
    as_of: '2026-11-23T11:20:00.500Z',
    last_hour: { runs: 7 },
    behind: [bucketOf('2026-11-23T10:00:00Z'), bucketOf('2026-11-23T11:00:00Z')],
  } as unknown as Stats
  function bucketOf(from: string) {
    return { from, succeeded: 1, failed: 1, unknown: 0, skipped: 0, missed: 0, coalesced: 0 }
  }
  const end = (run_id: number, at: string, state: RunState): End => ({
    run_id,
    at: Date.parse(at),
    state,
  })

  it('count what has ended since they were made, and nothing twice', () => {
    const ends = [
      end(1, '2026-11-23T11:20:00.500Z', 'succeeded'),
      end(2, '2026-11-23T11:20:00.501Z', 'failed'),
      end(3, '2026-11-23T11:20:01Z', 'missed'),
    ]
    expect(newer(ends, stats).map(({ run_id }) => run_id)).toEqual([2, 3])
    const shown = withEnds(stats, ends)
    expect(shown.last_hour.runs).toBe(9)
    expect(shown.behind.at(-1)).toMatchObject({ succeeded: 1, failed: 2, missed: 1 })
    expect(shown.behind[0]).toBe(stats.behind[0])
    expect(withEnds(stats, [])).toBe(stats)
  })

  it('leave out what still goes on', () => {
    expect(isEnd('firing')).toBe(false)
    expect(isEnd('claimed')).toBe(false)
    expect(isEnd('skipped')).toBe(true)
  })
})

describe('a spread', () => {
  it('is not for jobs that fire more often than once a minute', () => {
    expect(isOften({ type: 'interval', seconds: 59 })).toBe(true)
    expect(isOften({ type: 'interval', minutes: 1 })).toBe(false)
    expect(isOften({ type: 'cron', cron: '0 * * * *' })).toBe(false)
    expect(isOften({ type: 'cron', cron: '30 0 * * * *' })).toBe(false)
    expect(isOften({ type: 'cron', cron: '*/20 0 * * * *' })).toBe(true)
    expect(isOften({ type: 'cron', second: '*' })).toBe(true)
    expect(isOften({ type: 'cron', minute: '5' })).toBe(false)
    expect(isOften({ type: 'date', at: '2030-01-01T00:00:00Z' })).toBe(false)
  })

  it('is drawn in columns, the last instant included', () => {
    const counts = columns([0, 1_000, 59_999, 60_000], 60_000)
    expect(counts).toHaveLength(COLUMNS)
    expect([counts[0], counts[COLUMNS - 1]]).toEqual([2, 2])
  })

  it('has its peak in the fullest second', () => {
    expect(peak([])).toBe(0)
    expect(peak([100, 900, 1_000, 5_000])).toBe(2)
  })

  it('is made by so many calls at once, and answers in the order of the jobs', async () => {
    let running = 0
    let most = 0
    const done = await inTurn([30, 10, 20, 0], 2, async (ms) => {
      most = Math.max(most, (running += 1))
      await new Promise((resolve) => setTimeout(resolve, ms))
      running -= 1
      return ms * 2
    })
    expect(done).toEqual([60, 20, 40, 0])
    expect(most).toBe(2)
  })
})
