import { describe, expect, it } from 'vitest'
import type { Run } from '@/api/types'
import { REASONS } from '@/domain/outcome'
import {
  countsOf,
  matches,
  neighbours,
  newestFirst,
  NO_FILTERS,
  runFilters,
  runParams,
  sortEvents,
} from '@/domain/runList'
import { recentRun } from './jobs'

const now = new Date('2030-01-02T00:00:00Z')
const filters = (query: Record<string, string>) => runFilters(runParams(query), now)

describe('a list of runs', () => {
  it('is narrowed by reasons', () => {
    const late = recentRun({ state: 'failed', reason: 'timeout' })
    expect(matches(late, filters({ reason: 'connect,timeout' }))).toBe(true)
    expect(matches(late, filters({ reason: 'connect' }))).toBe(false)
    expect(matches(recentRun(), filters({ reason: 'timeout' }))).toBe(false)
  })

  it('begins a period before now, whatever span the address has besides', () => {
    expect(filters({ since: '15m' }).from).toBe('2030-01-01T23:45:00.000Z')
    expect(runParams({})).toEqual(NO_FILTERS)
  })

  it('tells events of runs it has from those that belong into it', () => {
    const events = [
      recentRun({ run_id: 1, state: 'firing' }),
      recentRun({ run_id: 2, state: 'firing' }),
      recentRun({ run_id: 3, state: 'failed' }),
      recentRun({ run_id: 4, state: 'succeeded' }),
    ]
    const { known, fresh } = sortEvents(events, [{ run_id: 1 }], filters({ state: 'failed' }))
    expect(known.map(({ run_id }) => run_id)).toEqual([1])
    expect(fresh.map(({ run_id }) => run_id)).toEqual([3])
  })

  it('has the newest fire time first, then the newest run', () => {
    const runs = [
      { run_id: 1, fire_at: '2030-01-01T00:00:00.000Z' },
      { run_id: 2, fire_at: '2030-01-01T00:00:00.000Z' },
      { run_id: 3, fire_at: '2029-01-01T00:00:00.000Z' },
    ] as Run[]
    expect(runs.sort(newestFirst).map(({ run_id }) => run_id)).toEqual([2, 1, 3])
  })
})

describe('runs beside a run', () => {
  const runs = [{ run_id: 9 }, { run_id: 5 }, { run_id: 2 }]
  it.each([
    [9, { newer: undefined, older: 5 }],
    [5, { newer: 9, older: 2 }],
    [2, { newer: 5, older: undefined }],
    [7, {}],
  ])('of %s', (runId, beside) => {
    expect(neighbours(runs, runId)).toEqual(beside)
  })
})

describe('counts', () => {
  it('add up the reasons of a state and leave out what never came', () => {
    const outcomes = [
      { state: 'failed' as const, reason: 'timeout' as const, runs: 2 },
      { state: 'succeeded' as const, reason: null, runs: 40 },
      { state: 'failed' as const, reason: 'connect' as const, runs: 1 },
      { state: 'missed' as const, reason: 'grace' as const, runs: 0 },
    ]
    expect(countsOf({ outcomes })).toEqual([
      { state: 'succeeded', runs: 40 },
      { state: 'failed', runs: 3 },
    ])
  })
})

describe('reasons', () => {
  it('are those of the API, each once', async () => {
    const schema = (await import('@/api/schema.d.ts?raw')).default
    const [, text = ''] = /reason: ("[^;]+) \| null;/.exec(schema) ?? []
    const known = [...text.matchAll(/"(\w+)"/g)].map(([, name]) => name)
    expect([...REASONS].sort()).toEqual(known.sort())
  })
})
