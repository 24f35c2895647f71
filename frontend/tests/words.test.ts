import { describe, expect, it } from 'vitest'
import { curl, jobPath, NEW_LINE, quote } from '@/domain/curl'
import {
  bulkCommand,
  deleteCommand,
  explainCommand,
  pauseCommand,
  putCommand,
  rerunCommand,
  resumeCommand,
  runCommand,
} from '@/domain/commands'
import { formatDuration } from '@/domain/duration'
import { heartbeatCounts, heartbeatPaths } from '@/domain/heartbeat'
import { job, recentRun } from './jobs'

describe('formatDuration', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [288, '288 ms'],
    [1_240, '1.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [320_000, '5 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('%s ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('curl', () => {
  it('can be pasted into a shell, whatever the id', () => {
    expect(jobPath("it's 1/2", ':run')).toBe("api/v1/jobs/it's%201%2F2:run")
    expect(quote("it's")).toBe("'it'\\''s'")
    expect(curl('POST', jobPath('a', ':pause'), { until: null })).toMatch(
      /^curl -s -X POST '.*api\/v1\/jobs\/a:pause' -H 'Content-Type: application\/json' -d '{"until":null}'$/,
    )
  })

  it('is broken into lines that a shell takes as one', () => {
    const lines = curl('PUT', 'x', {}, NEW_LINE).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines.filter((line) => line.endsWith(' \\'))).toHaveLength(2)
  })
})

describe('commands', () => {
  /** What a shell hands to curl, by the rules of single quotes. */
  function words(command: string): string[] {
    const found = command.match(/(?:'[^']*'|\\'|[^\s'])+/g) ?? []
    return found.map((word) => word.replace(/'([^']*)'|\\(')/g, (_, plain, one) => plain ?? one))
  }
  /** The path that is called, and the body that is sent. */
  function call(command: string) {
    const [url = '', ...rest] = words(command).slice(command.includes(' -X ') ? 4 : 2)
    const body = rest.includes('-d') ? (JSON.parse(rest.at(-1) ?? '') as unknown) : undefined
    return [words(command)[3] ?? 'GET', url.slice(url.indexOf('api/v1/')), body]
  }

  const id = `it's "1/2" & $x`
  const path = "api/v1/jobs/it's%20%221%2F2%22%20%26%20%24x"

  it('do to a job what the page does', () => {
    expect(call(runCommand(id))).toEqual(['POST', `${path}:run`, undefined])
    expect(call(resumeCommand(id))).toEqual(['POST', `${path}:resume`, undefined])
    expect(call(deleteCommand(id))).toEqual(['DELETE', path, undefined])
    expect(call(pauseCommand(id))).toEqual(['POST', `${path}:pause`, undefined])
    const until = '2031-01-01T00:00:00.000Z'
    expect(call(pauseCommand(id, until))).toEqual(['POST', `${path}:pause`, { until }])
  })

  it('put the definition, and not how the job fares', () => {
    const made = job({ job_id: id, description: "it's $HOME" })
    const [method, where, body] = call(putCommand(made))
    expect([method, where]).toEqual(['PUT', path])
    const { job_id, status, ...definition } = made
    expect([job_id, status.state]).toEqual([id, 'running'])
    expect(body).toEqual(definition)
  })

  it('ask why, and run again', () => {
    const at = '2031-01-01T08:00:00+08:00'
    const [, url] = call(explainCommand(id, at))
    expect(url).toBe(`${path}/explain?at=2031-01-01T08%3A00%3A00%2B08%3A00`)
    expect(call(rerunCommand(7))).toEqual(['POST', 'api/v1/runs/7:rerun', undefined])
  })

  it('do to many jobs what the page does, by ids or by filter', () => {
    const which = { job_ids: [id, "'"] }
    expect(call(bulkCommand('pause', which))).toEqual([
      'POST',
      'api/v1/jobs:bulk',
      { action: 'pause', ...which },
    ])
    const filter = { text: "o'clock", tag: 'a b' }
    const [, , body] = call(bulkCommand('delete', { filter }))
    expect(body).toEqual({ action: 'delete', filter })
  })
})

describe('heartbeat', () => {
  const recent = [
    recentRun({ state: 'failed' }),
    recentRun({ state: 'succeeded' }),
    recentRun({ state: 'missed' }),
  ]

  it('is one path for each tone, the newest at the right', () => {
    const paths = new Map(heartbeatPaths(recent, 4))
    expect([...paths.keys()]).toEqual(['fail', 'ok', 'warn'])
    expect(paths.get('fail')).toMatch(/^M18 0/)
    expect(paths.get('warn')).toMatch(/^M6 8/)
  })

  it('draws no more than there is room for', () => {
    expect(heartbeatPaths(recent, 1)).toHaveLength(1)
    expect(heartbeatCounts(recent)).toEqual({ n: 3, ok: 1, failed: 1, other: 1 })
  })
})
