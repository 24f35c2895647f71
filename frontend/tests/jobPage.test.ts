import { describe, expect, it } from 'vitest'
import type { Explained, Job, RecentRun, Run } from '@/api/types'
import { behaviours } from '@/domain/behaviour'
import { fireWithin } from '@/domain/explain'
import { matches, runFilters, runParams, withEvent } from '@/domain/runList'
import { oddRuns, runStats, spread } from '@/domain/runStats'
import { clockMarks } from '@/domain/upcoming'
import { instantsOf, readWallTime, toWallTime } from '@/domain/wallTime'
import { linePath, pointsOf, scaleOf, slotAt } from '@/pages/job/chart'
import { job } from './jobs'

let lastId = 0

function run(state: RecentRun['state'], parts: Partial<RecentRun> = {}): RecentRun {
  lastId += 1
  return {
    run_id: lastId,
    kind: 'scheduled',
    fire_at: '2030-01-01T00:00:00.000Z',
    state,
    reason: null,
    status: null,
    lateness_ms: null,
    duration_ms: null,
    count: 1,
    ...parts,
  }
}

describe('figures of runs', () => {
  it('give percentiles that occurred', () => {
    expect(spread([])).toBeNull()
    expect(spread([null, 7])).toEqual({ min: 7, p50: 7, p95: 7, max: 7 })
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n)
    expect(spread(hundred)).toEqual({ min: 1, p50: 50, p95: 95, max: 100 })
  })

  it('count fire times that came to nothing beside those that were sent', () => {
    const stats = runStats([
      run('firing'),
      run('succeeded', { duration_ms: 10, lateness_ms: 1 }),
      run('failed', { duration_ms: 30, lateness_ms: 3 }),
      run('missed', { count: 40 }),
      run('skipped'),
    ])
    expect(stats).toMatchObject({ n: 5, ok: 1, failed: 1, unsent: 41, rate: 0.5 })
    expect(stats.duration).toMatchObject({ p50: 10, p95: 30 })
    expect(runStats([run('skipped')]).rate).toBeNull()
  })

  it('name the last run of each way to go wrong', () => {
    const runs = [run('succeeded'), run('failed'), run('failed'), run('missed'), run('claimed')]
    expect(oddRuns(runs, 3)).toEqual([runs[1], runs[3]])
    expect(oddRuns(runs, 1)).toEqual([runs[1]])
  })
})

describe('wall time', () => {
  const zone = 'Europe/Berlin'
  const iso = (wall: string, inZone = zone) =>
    instantsOf(wall, inZone).map((at) => at.toISOString())

  it('is one instant on most days', () => {
    expect(iso('2026-11-23T22:20:00')).toEqual(['2026-11-23T21:20:00.000Z'])
    expect(iso('2026-11-23T22:20:00', 'Asia/Shanghai')).toEqual(['2026-11-23T14:20:00.000Z'])
    expect(toWallTime(new Date('2026-11-23T21:20:00.5Z'), zone)).toBe('2026-11-23T22:20:00')
  })

  it('is none, or two, in the nights the clocks change', () => {
    expect(iso('2027-03-28T02:30:00')).toEqual([])
    expect(iso('2027-10-31T02:30:00')).toEqual([
      '2027-10-31T00:30:00.000Z',
      '2027-10-31T01:30:00.000Z',
    ])
    expect(iso('nonsense')).toEqual([])
  })

  const today = new Date('2026-11-23T23:30:00Z')
  it.each([
    ['2026-11-23 22:20:05', '2026-11-23T22:20:05'],
    [' 2026-11-23T22:20 ', '2026-11-23T22:20:00'],
    ['2026/1/2 9:05', '2026-01-02T09:05:00'],
    ['2026-11-23 22:20:05.961', '2026-11-23T22:20:05'],
    ['9:05', '2026-11-24T09:05:00'],
    ['2026-11-23T22:20:05.961Z', '2026-11-23T23:20:05'],
    ['2026-11-23 22:20:05 +08:00', '2026-11-23T15:20:05'],
    ['2026-11-23 22:20:05 UTC', '2026-11-23T23:20:05'],
    ['2026-02-30 09:00', null],
    ['25:00', null],
    ['yesterday', null],
    ['', null],
  ])('reads %s as %s', (text, wall) => {
    expect(readWallTime(text, zone, today)).toBe(wall)
  })
})

describe('clock marks', () => {
  it('tell where the clocks change, and what comes twice', () => {
    const fires = [
      '2027-10-30T02:30:00.000+02:00',
      '2027-10-31T02:30:00.000+02:00',
      '2027-10-31T02:30:00.000+01:00',
      '2027-11-01T02:30:00.000+01:00',
    ].map((local) => ({ fire_at: '', local }))
    const marks = clockMarks(fires)
    expect(marks.map(({ again }) => again)).toEqual([false, false, true, false])
    expect(marks[2]?.change).toEqual({ from: '+02:00', to: '+01:00', forward: false })
    expect(marks.filter(({ change }) => change)).toHaveLength(1)
    const west = ['2027-03-14T01:00:00.000-05:00', '2027-03-14T03:00:00.000-04:00']
    expect(clockMarks(west.map((local) => ({ fire_at: '', local })))[1]?.change?.forward).toBe(true)
  })
})

describe('the moment that is meant', () => {
  const told = { run: null, moment: 'no_fire_time', next_fire_at: '2030-01-01T00:00:00.011Z' }
  it.each([
    ['2030-01-01T00:00:00Z', '2030-01-01T00:00:00.011Z'],
    ['2029-12-31T23:59:59Z', null],
    ['2030-01-01T00:00:00.005Z', null],
  ])('of %s is %s', (asked, meant) => {
    expect(fireWithin(told as Explained, asked)).toBe(meant)
  })
})

describe('a narrowed history', () => {
  const now = new Date('2030-01-02T00:00:00Z')
  const filters = (query: Record<string, string>) => runFilters(runParams(query), now)

  it('takes runs that fit', () => {
    const failed = run('failed', { status: 503 })
    expect(matches(failed, filters({}))).toBe(true)
    expect(matches(failed, filters({ state: 'missed,failed', status: '500-599' }))).toBe(true)
    expect(matches(failed, filters({ status: '500' }))).toBe(false)
    expect(matches(failed, filters({ kind: 'manual' }))).toBe(false)
    expect(matches(failed, filters({ since: '1h' }))).toBe(false)
    expect(matches(failed, filters({ since: '24h' }))).toBe(true)
    expect(matches(failed, filters({ to: failed.fire_at }))).toBe(false)
  })

  it('takes what an event tells, and no sentence of another state', () => {
    const before = { ...run('firing'), explanation: { en: 'Under way', zh: '' } } as Run
    const after = withEvent(before, { ...before, state: 'failed', reason: 'timeout' })
    expect(after).toMatchObject({ state: 'failed', reason: 'timeout', explanation: { en: '' } })
    expect(withEvent(before, before).explanation.en).toBe('Under way')
  })

  it('leaves out what an address cannot mean', () => {
    expect(runParams({ since: 'ever', from: 'never', to: '' })).toMatchObject({
      since: '',
      from: '',
      to: '',
    })
  })
})

describe('the chart', () => {
  it('has a round scale', () => {
    expect(scaleOf([])).toEqual({ top: 1, ticks: [0, 1] })
    expect(scaleOf([948])).toEqual({ top: 1000, ticks: [0, 500, 1000] })
    expect(scaleOf([120, 30]).top).toBe(150)
  })

  it('puts the newest at the right edge and breaks the line at gaps', () => {
    const size = { width: 40, height: 100 }
    const runs = [50, null, 100].map((duration_ms) => run('succeeded', { duration_ms }))
    const points = pointsOf(runs, 'duration', 100, 4, size)
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [15, 50],
      [35, 0],
    ])
    expect(linePath(points, 10)).toBe('M15.0 50.0M35.0 0.0')
  })

  it('knows the slot under the pointer', () => {
    expect([-1, 0, 39, 40].map((x) => slotAt(x, 4, 40))).toEqual([null, 0, 3, null])
  })
})

describe('behaviour', () => {
  const said = (parts: Partial<Job>) =>
    behaviours(job(parts)).map(({ about, key }) => `${about}.${key}`)

  it('tells the defaults', () => {
    expect(said({ policies: {}, retry: null })).toEqual([
      'success.statuses',
      'timeout.server',
      'retry.none',
      'grace.unlimited',
      'catchUp.latest',
      'overlap.skip',
      'delivery.at_most_once',
      'failures.go_on',
    ])
  })

  it('tells what is set', () => {
    const told = said({
      retry: { attempts: 3, delay: { fixed_ms: 1000 }, deadline_ms: 5000 },
      policies: {
        misfire_grace: { ms: 5000 },
        catch_up: { all: 3 },
        overlap: { queue: 2 },
        pause_after_failures: 4,
        priority: 1,
      },
    })
    expect(told).toEqual(
      expect.arrayContaining([
        'retry.some',
        'retry.fixed',
        'retry.deadline',
        'grace.own',
        'catchUp.all',
        'overlap.queue',
        'failures.pause',
        'priority.own',
      ]),
    )
  })
})
