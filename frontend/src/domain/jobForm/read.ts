import type { Request, Retry, Trigger } from '@/api/types'
import { weekdayNames } from '../schedule'
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
import { durationForm, durationList, instantForm, NO_DURATION, NO_INSTANT } from './values'

export const DEFAULT_STATUSES = '200-299'
export const DEFAULT_RETRY_STATUSES = '408, 425, 429, 500-599'

/** The form of a job that is not there yet: each hour, a GET. */
export function emptyForm(zone: string): JobForm {
  return formOf({ trigger: { type: 'interval', hours: 1 }, request: { url: '' } }, zone)
}

/** The fields of a definition; `zone` is for a trigger that has none of its own. */
export function formOf(definition: Definition, zone: string): JobForm {
  const own = definition.trigger.type === 'cron' ? (definition.trigger.timezone ?? 'UTC') : zone
  return {
    description: definition.description ?? '',
    tags: [...(definition.tags ?? [])],
    trigger: triggerForm(definition.trigger, own),
    request: requestForm(definition.request),
    retry: retryForm(definition.retry),
    policies: policiesForm(definition.policies, own),
  }
}

/** The form of a copy: secrets stay with the job they were given to. */
export function copiedForm(definition: Definition, zone: string): JobForm {
  const form = formOf(definition, zone)
  for (const value of [...form.request.headers, ...form.request.query]) value.kept = false
  return form
}

function triggerForm(trigger: Trigger, zone: string): TriggerForm {
  const cron = trigger.type === 'cron' ? trigger : undefined
  const bounds = trigger.type === 'date' ? undefined : trigger
  const interval = trigger.type === 'interval' ? trigger : { hours: 1 }
  const parts = INTERVAL_UNITS.map((unit) => [
    unit,
    text((interval as Record<string, number | null | undefined>)[unit]),
  ])
  return {
    type: trigger.type,
    zone,
    interval: Object.fromEntries(parts) as TriggerForm['interval'],
    cron: {
      source: cron?.cron ? 'line' : 'fields',
      fields: Object.fromEntries(cronFields(cron ?? NEW_CRON)) as TriggerForm['cron']['fields'],
      line: cron?.cron ?? '',
      weekdaysRead: String(cron?.day_of_week ?? '*'),
      gap: cron?.dst?.gap ?? 'skip',
      fold: cron?.dst?.fold ?? 'both',
    },
    at: trigger.type === 'date' ? instantForm(trigger.at, zone) : { ...NO_INSTANT },
    start: instantForm(bounds?.start, zone),
    end: instantForm(bounds?.end, zone),
    jitter: durationForm(trigger.jitter_ms),
  }
}

/** What a cron starts with when it is chosen for a new job. */
const NEW_CRON = { type: 'cron', hour: '9', minute: '0' } as const

/** The fields of a cron trigger, or of its normalised form, with names of weekdays. */
export function cronFields(cron: Extract<Trigger, { type: 'cron' }>): [string, string][] {
  return CRON_FIELDS.map((name) => [
    name,
    weekday(name, String(cron[name] ?? (name === 'second' ? '0' : '*'))),
  ])
}

function weekday(name: string, expression: string): string {
  return name === 'day_of_week' ? weekdayNames(expression) : expression
}

function requestForm(request: Request): RequestForm {
  const { body, success } = request
  return {
    method: request.method ?? 'GET',
    url: request.url,
    headers: (request.headers ?? []).map(valueForm),
    query: (request.query ?? []).map(valueForm),
    body: bodyForm(body),
    timeout: durationForm(request.timeout_ms),
    redirects: text(request.redirects),
    success: {
      statuses: success?.statuses?.join(', ') ?? '',
      contains: success?.body_contains ?? '',
      pointerUsed: Boolean(success?.json_pointer),
      pointer: success?.json_pointer?.pointer ?? '',
      equals: success?.json_pointer ? JSON.stringify(success.json_pointer.equals) : '',
    },
    captureBytes: text(request.capture_bytes),
    caPem: request.tls?.ca_pem ?? '',
    skipVerification: request.tls?.skip_verification ?? false,
  }
}

function valueForm({ name, value }: NonNullable<Request['headers']>[number]): ValueForm {
  if (typeof value === 'string') return { name, value, secret: false, kept: false }
  const kept = value.secret === true
  return { name, value: kept ? '' : String(value.secret), secret: true, kept }
}

function bodyForm(body: Request['body']): RequestForm['body'] {
  if (!body) return { kind: 'none', text: '' }
  if ('text' in body) return { kind: 'text', text: body.text }
  if ('base64' in body) return { kind: 'base64', text: body.base64 }
  return { kind: 'json', text: JSON.stringify(body.json, null, 2) }
}

function retryForm(retry: Retry | null | undefined): RetryForm {
  const delay = retry?.delay ?? {
    exponential: { first_ms: 1_000, max_ms: 300_000, jitter_percent: 20 },
  }
  const exponential = 'exponential' in delay ? delay.exponential : undefined
  return {
    used: Boolean(retry),
    attempts: String(retry ? (retry.attempts ?? 1) : 3),
    delay: {
      kind: exponential ? 'exponential' : 'fixed_ms' in delay ? 'fixed' : 'table',
      first: durationForm(exponential?.first_ms ?? 1_000),
      max: durationForm(exponential?.max_ms ?? 300_000),
      jitterPercent: String(exponential ? (exponential.jitter_percent ?? 0) : 20),
      fixed: durationForm('fixed_ms' in delay ? delay.fixed_ms : 10_000),
      table: durationList('table_ms' in delay ? delay.table_ms : [1_000, 10_000, 60_000]),
    },
    statuses: retry?.on?.statuses?.join(', ') ?? DEFAULT_RETRY_STATUSES,
    timeout: retry?.on?.timeout ?? true,
    connect: retry?.on?.connect ?? true,
    broken: retry?.on?.broken ?? true,
    obeyRetryAfter: retry?.obey_retry_after ?? true,
    deadline: durationForm(retry?.deadline_ms),
  }
}

function policiesForm(policies: Definition['policies'], zone: string): PoliciesForm {
  const grace = policies?.misfire_grace
  const catchUp = policies?.catch_up ?? 'latest'
  const overlap = policies?.overlap ?? 'skip'
  return {
    grace:
      typeof grace === 'object' && grace
        ? { kind: 'limit', limit: durationForm(grace.ms) }
        : { kind: grace ?? 'default', limit: { ...NO_DURATION, unit: 'min' } },
    catchUp:
      typeof catchUp === 'object'
        ? { kind: 'all', n: String(catchUp.all) }
        : { kind: catchUp, n: '10' },
    overlap:
      typeof overlap === 'string'
        ? { kind: overlap, n: '1' }
        : 'allow' in overlap
          ? { kind: 'allow', n: String(overlap.allow) }
          : { kind: 'queue', n: String(overlap.queue) },
    delivery: policies?.delivery ?? 'at_most_once',
    pauseUntil: instantForm(policies?.pause_until, zone),
    pauseAfterFailures: text(policies?.pause_after_failures),
    priority: String(policies?.priority ?? 0),
  }
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : String(value)
}
