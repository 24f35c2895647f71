import { describe, expect, it } from 'vitest'
import type { ImportResult, System } from '@/api/types'
import { formatBytes } from '@/domain/bytes'
import { curlFile } from '@/domain/curl'
import { formatSpan, readDuration } from '@/domain/duration'
import { badLines, changes, failedLines, outcomes } from '@/domain/importFile'
import {
  byLife,
  byUrgency,
  changedFirst,
  isSkewed,
  skewOf,
  skewSide,
  stateOf,
  type Part,
  type Replica,
} from '@/domain/serverState'
import { exportName, exportPath, exportQuery } from '@/pages/settings/exportFilter'

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [4_096_000, '3.9 MiB'],
    [65_536, '64 KiB'],
    [1_073_741_824, '1 GiB'],
    [2 ** 52, '4096 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})

describe('durations of settings', () => {
  it.each([
    ['30d', 2_592_000_000],
    ['500ms', 500],
    ['1m 30s', 90_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
    ['', null],
    ['2weeks', null],
    ['1month', null],
    ['1d 2weeks', null],
  ])('%s', (text, ms) => {
    expect(readDuration(text)).toBe(ms)
  })
})

describe('spans', () => {
  it.each([
    [30_000, '30 s'],
    [1_500, '1.5 s'],
    [60_000, '1 min'],
  ])('of %d ms', (ms, text) => {
    expect(formatSpan(ms)).toBe(text)
  })
})

describe('clocks', () => {
  const at = Date.parse('2030-01-01T00:00:00Z')

  it('are compared in the middle of the question', () => {
    expect(skewOf(at, at + 40, '2030-01-01T00:00:00.020Z')).toEqual({ ms: 0, doubtMs: 20 })
    expect(skewOf(at, at + 40, '2030-01-01T00:00:05.020Z')).toEqual({ ms: 5000, doubtMs: 20 })
  })

  it('are told apart only by more than the doubt', () => {
    expect(skewSide({ ms: -20, doubtMs: 20 })).toBe('even')
    expect(skewSide({ ms: 21, doubtMs: 20 })).toBe('ahead')
    expect(skewSide({ ms: -21, doubtMs: 20 })).toBe('behind')
    expect(isSkewed({ ms: -2_500, doubtMs: 20 })).toBe(true)
    expect(isSkewed({ ms: 2_500, doubtMs: 600 })).toBe(false)
  })
})

describe('the state of a server', () => {
  const even = { ms: 0, doubtMs: 1 }
  const part = (name: string, ok: boolean, required: boolean): Part => ({
    part: name,
    ok,
    required,
    since: '2030-01-01T00:00:00.000Z',
    detail: '',
  })
  const replica = (name: string, alive: boolean, self = false): Replica => ({
    replica: name,
    lease_until: '2030-01-01T00:00:00.000Z',
    alive,
    self,
  })
  const store = part('store', true, true)

  it('is good when nothing is amiss', () => {
    expect(stateOf([store], [replica('a', true)], even)).toEqual({ tone: 'ok', problems: 0 })
  })

  it('is a warning for what it goes on without', () => {
    const lock = part('lock', false, false)
    expect(stateOf([store, lock], [], even)).toEqual({ tone: 'warn', problems: 1 })
    expect(stateOf([store], [replica('a', false)], even)).toEqual({ tone: 'warn', problems: 1 })
    expect(stateOf([store], [], { ms: 9_000, doubtMs: 1 }).tone).toBe('warn')
  })

  it('is bad without a part that is needed, which stands first', () => {
    const parts = [part('lock', false, false), part('server', true, true), part('x', false, true)]
    expect(stateOf(parts, [], even)).toEqual({ tone: 'fail', problems: 2 })
    expect(byUrgency(parts).map((one) => one.part)).toEqual(['x', 'lock', 'server'])
  })

  it('shows the replica that answers first, then those alive', () => {
    const replicas = [replica('c', false), replica('b', true), replica('z', true, true)]
    expect(byLife(replicas).map((one) => one.replica)).toEqual(['z', 'b', 'c'])
  })

  it('shows what somebody has set before the defaults', () => {
    const setting = (name: string, origin: 'default' | 'env' | 'flag') => ({ name, origin })
    const settings = [setting('A', 'default'), setting('B', 'env'), setting('C', 'flag')]
    const sorted = changedFirst(settings as System['settings'])
    expect(sorted.map(({ name }) => name)).toEqual(['B', 'C', 'A'])
  })
})

describe('an export', () => {
  const all = { state: '', type: '', tag: '', text: '' } as const

  it('has everything unless something is chosen', () => {
    expect(exportPath(exportQuery(all))).toBe('api/v1/export')
  })

  it('takes the filters of the list', () => {
    const query = exportQuery({ state: 'paused', type: 'cron', tag: ' eu ', text: 'a&b' })
    expect(exportPath(query)).toBe('api/v1/export?state=paused&type=cron&tag=eu&text=a%26b')
    expect(exportPath(exportQuery({ ...all, state: 'failing' }))).toBe('api/v1/export?failing=true')
  })

  it('is named after the day', () => {
    expect(exportName('2030-01-31')).toBe('jobs-2030-01-31.jsonl')
  })
})

describe('an import', () => {
  const result: ImportResult = {
    dry_run: false,
    jobs: 9,
    created: 0,
    replaced: 2,
    unchanged: 6,
    kept: 0,
    failed: { count: 1, jobs: [{ line: 4, job_id: 'd', reason: 'changed meanwhile' }] },
  }

  it('tells the ids of the lines that are wrong, where they can be read', () => {
    const file = '{"schedule_server":"1"}\n{"job_id":"a"}\nnonsense\n{"job_id":7}'
    const fault = (line?: number) => ({
      field: 'f',
      rule: 'r',
      value: null,
      ...(line === undefined ? {} : { line }),
    })
    const found = badLines([fault(2), fault(3), fault(4), fault(9), fault()], file)
    expect(found.map(({ line, jobId }) => [line, jobId])).toEqual([
      [2, 'a'],
      [3, null],
      [4, null],
      [9, null],
      [null, null],
    ])
    expect(found[0]).toMatchObject({ field: 'f', text: 'r' })
  })

  it('shows what there was of each outcome, and always what is new', () => {
    expect(outcomes(result)).toEqual([
      { key: 'failed', count: 1 },
      { key: 'created', count: 0 },
      { key: 'replaced', count: 2 },
      { key: 'unchanged', count: 6 },
    ])
    expect(changes(result)).toBe(2)
    expect(failedLines(result)).toEqual([
      { line: 4, jobId: 'd', field: '', text: 'changed meanwhile' },
    ])
  })

  it('can be sent by a command', () => {
    expect(curlFile('api/v1/import?existing=keep', "my 'jobs'.jsonl", 'application/jsonl')).toMatch(
      /^curl -s '\S+api\/v1\/import\?existing=keep' -H 'Content-Type: application\/jsonl' --data-binary '@my '\\''jobs'\\''.jsonl'$/,
    )
  })
})
