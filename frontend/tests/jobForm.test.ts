import { describe, expect, it } from 'vitest'
import type { Policies, Request, Retry, Trigger } from '@/api/types'
import {
  copiedForm,
  definitionOf,
  differingFields,
  emptyForm,
  fieldOf,
  formOf,
  instantOf,
  shownDefinition,
  type Definition,
} from '@/domain/jobForm'
import { durationForm, durationsMs } from '@/domain/jobForm/values'

const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu']

/** The defaults of the server, as an answer shows them. */
const POLICIES: Policies = {
  misfire_grace: null,
  catch_up: 'latest',
  overlap: 'skip',
  delivery: 'at_most_once',
  pause_until: null,
  pause_after_failures: null,
  priority: 0,
}
const ON = { statuses: [408, 425, 429, '500-599'], timeout: true, connect: true, broken: true }

/** A definition with all defaults written out, so that two of one meaning are equal. */
function whole({ description, tags, trigger, request, retry, policies }: Definition) {
  return {
    description: description ?? '',
    tags: tags ?? [],
    trigger: trigger.type === 'cron' ? { dst: { gap: 'skip', fold: 'both' }, ...trigger } : trigger,
    request,
    retry: retry ? { obey_retry_after: true, ...retry, on: { ...ON, ...retry.on } } : null,
    policies: { ...POLICIES, ...policies },
  }
}

/** The same numbers at each run. */
function random(seed: number) {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T
  const maybe = <T extends object>(part: T): Partial<T> => (next() < 0.5 ? part : {})
  const instant = () => new Date(1_900_000_000_000 + Math.floor(next() * 1e11)).toISOString()
  const ms = () => pick([1, 250, 1_000, 1_500, 60_000, 90_000, 3_600_000, 86_400_000])
  return { pick, maybe, instant, ms }
}

type Random = ReturnType<typeof random>

function someTrigger({ pick, maybe, instant, ms }: Random): Trigger {
  const late = maybe({ jitter_ms: ms() })
  const bounds = { ...maybe({ start: instant() }), ...maybe({ end: instant() }), ...late }
  return pick<() => Trigger>([
    () => ({ type: 'date', at: instant(), ...late }),
    () => ({
      type: 'interval',
      ...maybe({ days: 2 }),
      hours: 1,
      ...maybe({ seconds: 9 }),
      ...bounds,
    }),
    () => ({
      type: 'cron',
      year: pick(['*', '2030-2035']),
      month: '*',
      day: pick(['*', 'last', '2nd tue']),
      week: pick(['*', '1-10']),
      day_of_week: pick(['*', 'mon-fri', 'sun', '0-4', '0,6']),
      hour: pick(['*', '9', '*/2']),
      minute: '0',
      second: pick(['0', '*/10']),
      timezone: pick(ZONES),
      ...maybe({ dst: { gap: 'shift', fold: 'first' } as const }),
      ...bounds,
    }),
  ])()
}

function someRequest({ pick, maybe, ms }: Random): Request {
  const value = { name: 'X-Key', value: pick(['a', '', { secret: true as const }]) }
  return {
    url: 'http://127.0.0.1:9/{{fire_id}}',
    ...maybe({ method: 'POST' as const }),
    ...maybe({ headers: [value, { name: 'Accept', value: 'text/plain' }] }),
    ...maybe({ query: [value] }),
    ...maybe({
      body: pick<NonNullable<Request['body']>>([
        { json: ['deep', [1, null, 'x'], { a: {} }] },
        { json: null },
        { text: ' two\nlines ' },
        { text: '' },
        { base64: 'AAEC' },
      ]),
    }),
    ...maybe({ timeout_ms: ms() }),
    ...maybe({ redirects: 3 }),
    ...maybe({
      success: {
        ...maybe({ statuses: [200, '300-302'] }),
        body_contains: 'ok',
        ...maybe({ json_pointer: { pointer: '', equals: pick([true, null, 'yes', 3]) } }),
      },
    }),
    ...maybe({ tls: { ca_pem: '-----BEGIN CERTIFICATE-----\n', skip_verification: true } }),
    ...maybe({ capture_bytes: 0 }),
  }
}

function someRetry({ pick, maybe, ms }: Random): Retry {
  return {
    attempts: 4,
    delay: pick<NonNullable<Retry['delay']>>([
      { fixed_ms: ms() },
      { table_ms: [ms(), ms()] },
      { exponential: { first_ms: ms(), max_ms: ms(), jitter_percent: pick([0, 20]) } },
    ]),
    on: { ...ON, ...maybe({ statuses: ['500-503'] }), ...maybe({ connect: false }) },
    obey_retry_after: pick([true, false]),
    ...maybe({ deadline_ms: ms() }),
  }
}

function somePolicies({ pick, instant, ms }: Random): Policies {
  return {
    misfire_grace: pick(['unlimited', { ms: ms() }, null]),
    catch_up: pick(['none', 'latest', { all: 5 }]),
    overlap: pick(['skip', 'cancel_previous', { allow: 2 }, { queue: 7 }]),
    delivery: pick(['at_most_once', 'at_least_once']),
    pause_until: pick([null, instant()]),
    pause_after_failures: pick([null, 3]),
    priority: pick([0, -10, 10]),
  }
}

function someDefinition(seed: number): Definition {
  const from = random(seed)
  return {
    description: from.pick(['', 'Sends\nthe report']),
    tags: from.pick([[], ['a', 'b c']]),
    trigger: someTrigger(from),
    request: someRequest(from),
    retry: from.pick([null, someRetry(from)]),
    policies: somePolicies(from),
  }
}

describe('a job that is read and written without a change', () => {
  it('is the same, whatever it holds and whatever the zone of the browser', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const definition = someDefinition(seed)
      for (const zone of ZONES) {
        const written = definitionOf(formOf(definition, zone))
        expect(written.faults).toEqual([])
        expect(whole(written.definition)).toEqual(whole(definition))
      }
    }
  })

  it('differs from itself in nothing, and in what was changed only', () => {
    const definition = someDefinition(7)
    expect(differingFields(definition, definition)).toEqual([])
    const request = { ...definition.request, url: 'http://other/' }
    expect(differingFields(definition, { ...definition, request })).toEqual(['request.url'])
  })
})

describe('a new form', () => {
  it('wants only a URL', () => {
    const form = emptyForm('Asia/Shanghai')
    expect(definitionOf(form).faults).toEqual([{ field: 'request.url', key: 'required' }])
    form.request.url = ' http://127.0.0.1/ '
    expect(definitionOf(form)).toEqual({
      definition: {
        trigger: { type: 'interval', hours: 1 },
        request: { url: 'http://127.0.0.1/' },
      },
      faults: [],
    })
  })

  it('tells what cannot be read, and where', () => {
    const form = emptyForm('UTC')
    form.request.url = 'http://127.0.0.1/'
    form.trigger.interval.hours = '1.5'
    form.request.body = { kind: 'json', text: '{' }
    form.request.timeout = { n: 'soon', unit: 's' }
    form.retry.used = true
    form.retry.delay.kind = 'table'
    form.retry.delay.table = '1 s, later'
    form.policies.overlap = { kind: 'allow', n: '' }
    expect(definitionOf(form).faults).toEqual([
      { field: 'retry.delay', key: 'durations' },
      { field: 'policies.overlap', key: 'required' },
      { field: 'trigger.hours', key: 'number' },
      { field: 'request.body', key: 'json' },
      { field: 'request.timeout_ms', key: 'duration' },
    ])
  })

  it('has cron fields with a time of day, and no weekday as a digit', () => {
    const { fields } = emptyForm('UTC').trigger.cron
    expect(fields).toMatchObject({ second: '0', minute: '0', hour: '9', day_of_week: '*' })
    const trigger = { type: 'cron', day_of_week: '0-4', hour: 9, minute: 0 } as const
    const form = formOf({ trigger, request: { url: 'http://a/' } }, 'UTC')
    expect(form.trigger.cron.fields.day_of_week).toBe('mon-fri')
  })
})

describe('secrets', () => {
  const headers = [{ name: 'Authorization', value: { secret: true as const } }]
  const stored: Definition = {
    trigger: { type: 'interval', hours: 1 },
    request: { url: 'http://a/', headers },
  }

  it('stay unless another one is typed, and never go into a copy', () => {
    const form = formOf(stored, 'UTC')
    expect(definitionOf(form).definition.request.headers).toEqual(headers)
    const [header] = form.request.headers
    if (header) header.value = 'Bearer 1'
    expect(definitionOf(form).definition.request.headers?.[0]?.value).toEqual({
      secret: 'Bearer 1',
    })
    const copy = definitionOf(copiedForm(stored, 'UTC')).definition
    expect(copy.request.headers?.[0]?.value).toEqual({ secret: '' })
  })

  it('are not shown once typed', () => {
    const typed = { ...headers[0], name: 'A', value: { secret: 'Bearer 1' } }
    const definition = { ...stored, request: { ...stored.request, headers: [typed] } }
    const shown = shownDefinition(definition)
    expect(shown.hidden).toBe(true)
    expect(JSON.stringify(shown)).not.toContain('Bearer')
    expect(shownDefinition(stored)).toEqual({ definition: stored, hidden: false })
  })
})

describe('a pause until an instant', () => {
  it('ends when it is cleared, and is left alone when there was none', () => {
    const policies = { pause_until: '2030-01-01T00:00:00.000Z' }
    const definition = { trigger: { type: 'interval', hours: 1 }, request: { url: 'u' } } as const
    const form = formOf({ ...definition, policies }, 'UTC')
    form.policies.pauseUntil.date = ''
    form.policies.pauseUntil.time = ''
    expect(definitionOf(form).definition.policies).toEqual({ pause_until: null })
    expect(definitionOf(formOf(definition, 'UTC')).definition.policies).toBeUndefined()
  })
})

describe('instantOf', () => {
  it.each([
    ['Asia/Shanghai', '2030-01-01', '09:00', '2030-01-01T01:00:00.000Z'],
    ['Asia/Kathmandu', '2030-01-01', '09:00:30', '2030-01-01T03:15:30.000Z'],
    ['America/New_York', '2030-07-01', '', '2030-07-01T04:00:00.000Z'],
    ['Pacific/Kiritimati', '2030-01-01', '00:00:00', '2029-12-31T10:00:00.000Z'],
    ['Europe/Berlin', '2031-10-26', '02:30:00', '2031-10-26T00:30:00.000Z'],
    ['Europe/Berlin', '2031-03-30', '02:30:00', undefined],
    ['UTC', '2030-02-30', '00:00:00', undefined],
    ['UTC', '', '10:00:00', undefined],
  ])('%s %s %s is %s', (zone, date, time, at) => {
    expect(instantOf({ date, time, at: '' }, zone)).toBe(at)
  })

  it('keeps the second of two equal wall clocks when it was read from it', () => {
    const at = '2031-10-26T01:30:00.250Z'
    const wall = { date: '2031-10-26', time: '02:30:00', at }
    expect(instantOf(wall, 'Europe/Berlin')).toBe(at)
  })
})

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [250, '250 ms'],
    [90_000, '90 s'],
    [7_200_000, '2 h'],
    [86_400_000, '1 d'],
  ])('%s ms is %s', (ms, text) => {
    const { n, unit } = durationForm(ms)
    expect(`${n} ${unit}`).toBe(text)
  })

  it('are read from a list, in seconds where no unit is given', () => {
    expect(durationsMs('1, 30s, 5 min')).toEqual([1_000, 30_000, 300_000])
    expect(durationsMs('1 month')).toBeUndefined()
  })
})

describe('fieldOf', () => {
  it.each([
    ['trigger.hours', 'trigger.hours'],
    ['trigger', 'trigger'],
    ['policies.misfire_grace.ms', 'policies.misfire_grace'],
    ['retry.on.statuses', 'retry.on'],
    ['request.headers[0].value', 'request.headers'],
    ['tags', 'tags'],
    ['elsewhere', undefined],
  ])('%s is shown at %s', (path, field) => {
    expect(fieldOf(path)).toBe(field)
  })
})
