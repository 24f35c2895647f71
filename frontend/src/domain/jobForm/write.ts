import type { Policies, Request, Retry, Trigger } from '@/api/types'
import { weekdayNames } from '../schedule'
import { Faults, type LocalFault } from './faults'
import { DEFAULT_RETRY_STATUSES, DEFAULT_STATUSES } from './read'
import {
  CRON_FIELDS,
  INTERVAL_UNITS,
  type Definition,
  type JobForm,
  type PoliciesForm,
  type RequestForm,
  type RetryForm,
  type TriggerForm,
  type ValueForm,
} from './types'
import { durationsMs, isEmptyInstant, statusList } from './values'

export interface Written {
  /** With what could be read; parts that have their default are left out. */
  definition: Definition
  faults: LocalFault[]
}

/** The definition that a form describes, and what is wrong with it before any server looks at it. */
export function definitionOf(form: JobForm): Written {
  const faults = new Faults(form.trigger.zone)
  const description = form.description.trim() === '' ? '' : form.description
  const retry = form.retry.used ? retryOf(form.retry, faults) : undefined
  const policies = policiesOf(form.policies, faults)
  const definition = {
    ...given({ description, tags: [...form.tags] }),
    trigger: triggerOf(form.trigger, faults),
    request: requestOf(form.request, faults),
    ...(retry && { retry }),
    ...(Object.keys(policies).length > 0 && { policies }),
  }
  return { definition, faults: faults.found }
}

/** The parts that are not empty. */
function given<T extends object>(parts: T): Partial<{ [K in keyof T]: Exclude<T[K], undefined> }> {
  const filled = Object.entries(parts).filter(
    ([, value]) =>
      value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(filled) as Partial<{ [K in keyof T]: Exclude<T[K], undefined> }>
}

export function triggerOf(form: TriggerForm, faults: Faults): Trigger {
  const jitter_ms = faults.duration('trigger.jitter_ms', form.jitter) || undefined
  if (form.type === 'date') {
    const at = faults.instant('trigger.at', form.at) ?? faults.missing('trigger.at')
    return { type: 'date', at, ...given({ jitter_ms }) }
  }
  const bounds = given({
    start: faults.optionalInstant('trigger.start', form.start),
    end: faults.optionalInstant('trigger.end', form.end),
    jitter_ms,
  })
  if (form.type === 'cron') return { type: 'cron', ...cronOf(form), ...bounds }
  const parts = INTERVAL_UNITS.map((unit) => [
    unit,
    faults.number(`trigger.${unit}`, form.interval[unit]) || undefined,
  ])
  return { type: 'interval', ...given(Object.fromEntries(parts) as object), ...bounds }
}

type CronParts = Omit<Extract<Trigger, { type: 'cron' }>, 'type'>

function cronOf({ cron, zone }: TriggerForm): CronParts {
  const fields = CRON_FIELDS.map((name) => [
    name,
    cron.fields[name].trim() || (name === 'second' ? '0' : '*'),
  ])
  const { gap, fold, weekdaysRead } = cron
  const days = cron.fields.day_of_week
  const sameDays = days === weekdayNames(weekdaysRead) && { day_of_week: weekdaysRead }
  return {
    ...(cron.source === 'line'
      ? { cron: cron.line.trim() }
      : { ...Object.fromEntries(fields), ...sameDays }),
    timezone: zone,
    ...((gap !== 'skip' || fold !== 'both') && { dst: { gap, fold } }),
  }
}

function requestOf(form: RequestForm, faults: Faults): Request {
  const url = form.url.trim() || faults.missing('request.url')
  return {
    url,
    ...given({
      method: form.method === 'GET' ? undefined : form.method,
      headers: form.headers.filter(isFilled).map(valueOf),
      query: form.query.filter(isFilled).map(valueOf),
      body: bodyOf(form, faults),
      timeout_ms: faults.duration('request.timeout_ms', form.timeout),
      redirects: faults.number('request.redirects', form.redirects) || undefined,
      success: successOf(form.success, faults),
      tls: tlsOf(form),
      capture_bytes: faults.number('request.capture_bytes', form.captureBytes),
    }),
  }
}

/** A row that was added and left alone is none. */
function isFilled({ name, value, kept }: ValueForm): boolean {
  return name !== '' || value !== '' || kept
}

function valueOf({
  name,
  value,
  secret,
  kept,
}: ValueForm): NonNullable<Request['headers']>[number] {
  if (!secret) return { name, value }
  return { name, value: { secret: value === '' && kept ? true : value } }
}

function bodyOf({ body }: RequestForm, faults: Faults): Request['body'] | undefined {
  if (body.kind === 'none') return undefined
  if (body.kind === 'text') return { text: body.text }
  if (body.kind === 'base64') return { base64: body.text.trim() }
  return { json: faults.json('request.body', body.text) }
}

function successOf(form: RequestForm['success'], faults: Faults): Request['success'] {
  const statuses = statusList(form.statuses)
  const success = given({
    statuses: sameStatuses(statuses, DEFAULT_STATUSES) ? undefined : statuses,
    body_contains: form.contains,
    json_pointer: form.pointerUsed
      ? { pointer: form.pointer, equals: faults.json('request.success', form.equals) }
      : undefined,
  })
  return Object.keys(success).length > 0 ? success : undefined
}

function sameStatuses(statuses: (number | string)[], list: string): boolean {
  return JSON.stringify(statuses) === JSON.stringify(statusList(list))
}

function tlsOf({ caPem, skipVerification }: RequestForm): Request['tls'] {
  if (!caPem.trim() && !skipVerification) return undefined
  return {
    ...given({ ca_pem: caPem.trim() ? caPem : undefined }),
    ...(skipVerification && { skip_verification: true }),
  }
}

function retryOf(form: RetryForm, faults: Faults): Retry {
  const { timeout, connect, broken } = form
  const statuses = statusList(form.statuses)
  const on = {
    ...(!sameStatuses(statuses, DEFAULT_RETRY_STATUSES) && { statuses }),
    ...(!timeout && { timeout }),
    ...(!connect && { connect }),
    ...(!broken && { broken }),
  }
  return {
    attempts: faults.number('retry.attempts', form.attempts) ?? 1,
    delay: delayOf(form.delay, faults),
    ...(Object.keys(on).length > 0 && { on }),
    ...(!form.obeyRetryAfter && { obey_retry_after: false }),
    ...given({ deadline_ms: faults.duration('retry.deadline_ms', form.deadline) }),
  }
}

function delayOf(form: RetryForm['delay'], faults: Faults): NonNullable<Retry['delay']> {
  if (form.kind === 'fixed') return { fixed_ms: faults.needed('retry.delay', form.fixed) }
  if (form.kind === 'table') {
    const table_ms = durationsMs(form.table)
    if (!table_ms) faults.add('retry.delay', 'durations')
    return { table_ms: table_ms ?? [] }
  }
  return {
    exponential: {
      first_ms: faults.needed('retry.delay', form.first),
      max_ms: faults.needed('retry.delay', form.max),
      jitter_percent: faults.number('retry.delay', form.jitterPercent) ?? 0,
    },
  }
}

/** Only what differs from the defaults. */
export function policiesOf(form: PoliciesForm, faults: Faults): Policies {
  const { grace, catchUp, overlap, delivery, pauseUntil } = form
  const priority = faults.number('policies.priority', form.priority)
  return {
    ...(grace.kind === 'unlimited' && { misfire_grace: 'unlimited' }),
    ...(grace.kind === 'limit' && {
      misfire_grace: { ms: faults.needed('policies.misfire_grace', grace.limit) },
    }),
    ...(catchUp.kind === 'none' && { catch_up: 'none' }),
    ...(catchUp.kind === 'all' && {
      catch_up: { all: faults.count('policies.catch_up', catchUp.n) },
    }),
    ...(overlap.kind === 'cancel_previous' && { overlap: overlap.kind }),
    ...(overlap.kind === 'allow' && {
      overlap: { allow: faults.count('policies.overlap', overlap.n) },
    }),
    ...(overlap.kind === 'queue' && {
      overlap: { queue: faults.count('policies.overlap', overlap.n) },
    }),
    ...(delivery !== 'at_most_once' && { delivery }),
    ...given({
      pause_until: faults.optionalInstant('policies.pause_until', pauseUntil),
      pause_after_failures: faults.number('policies.pause_after_failures', form.pauseAfterFailures),
    }),
    // A pause that is there ends only when it is told so.
    ...(isEmptyInstant(pauseUntil) && pauseUntil.at && { pause_until: null }),
    ...(priority && { priority }),
  } as Policies
}

/** What stands for a secret where a definition is shown. */
const SECRET = 'YOUR SECRET'

/** A definition that may be looked at: without the secrets that were typed. */
export function shownDefinition(definition: Definition): {
  definition: Definition
  hidden: boolean
} {
  let hidden = false
  const shown = JSON.stringify(definition, (key, value: unknown) => {
    if (key !== 'secret' || typeof value !== 'string') return value
    hidden = true
    return SECRET
  })
  return { definition: JSON.parse(shown) as Definition, hidden }
}
