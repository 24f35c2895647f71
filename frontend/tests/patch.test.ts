import { describe, expect, it } from 'vitest'
import { recentWith, withRun } from '@/domain/patch'
import { job, recentRun } from './jobs'

const at = '2030-01-01T00:00:05.000Z'
const run = (
  run_id: number,
  second: number,
  state: 'firing' | 'succeeded' | 'failed' = 'succeeded',
) => recentRun({ run_id, state, fire_at: `2030-01-01T00:00:0${second}.000Z` })
const ids = (runs: { run_id: number }[]) => runs.map((one) => one.run_id)

describe('recentWith', () => {
  it('puts a run at its fire time, the newest first', () => {
    expect(ids(recentWith([run(3, 3), run(1, 1)], run(2, 2)))).toEqual([3, 2, 1])
    expect(ids(recentWith([], run(2, 2)))).toEqual([2])
    expect(ids(recentWith([run(1, 1)], run(2, 1)))).toEqual([2, 1])
  })

  it('changes a known run in place and keeps 30', () => {
    const many = Array.from({ length: 30 }, (_, n) => run(30 - n, 1))
    expect(recentWith(many, run(7, 1, 'failed'))).toHaveLength(30)
    expect(recentWith(many, run(7, 1, 'failed'))[23]?.state).toBe('failed')
    expect(ids(recentWith(many, run(31, 2))).slice(0, 2)).toEqual([31, 30])
    expect(recentWith(many, run(31, 2))).toHaveLength(30)
  })
})

describe('withRun', () => {
  it('says nothing of an outcome while the run is under way', () => {
    const patched = withRun(job(), run(1, 1, 'firing'), at)
    expect(patched.status.last_state).toBeNull()
    expect(ids(patched.status.recent)).toEqual([1])
  })

  it('counts failures in a row, each once', () => {
    const once = withRun(job(), run(1, 1, 'failed'), at)
    expect(once.status).toMatchObject({ last_state: 'failed', consecutive_failures: 1 })
    expect(withRun(once, run(1, 1, 'failed'), at).status.consecutive_failures).toBe(1)
    expect(withRun(once, run(2, 2), at).status.consecutive_failures).toBe(0)
  })

  it('does not count manual runs', () => {
    const manual = { ...run(1, 1, 'failed'), kind: 'manual' as const }
    expect(withRun(job(), manual, at).status.consecutive_failures).toBe(0)
  })
})
