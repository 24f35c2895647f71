import type { JobDefinition, Policies, Request } from '@/api/types'

/**
 * The editor's fields as people type them: mostly texts, so that what is half
 * typed has its place. `definitionOf` makes a definition of it.
 */
export interface JobForm {
  description: string
  tags: string[]
  trigger: TriggerForm
  request: RequestForm
  retry: RetryForm
  policies: PoliciesForm
}

export const TRIGGER_TYPES = ['interval', 'cron', 'date'] as const
export const INTERVAL_UNITS = ['weeks', 'days', 'hours', 'minutes', 'seconds'] as const
export const CRON_FIELDS = [
  'second',
  'minute',
  'hour',
  'day',
  'month',
  'day_of_week',
  'week',
  'year',
] as const
export type TriggerType = (typeof TRIGGER_TYPES)[number]
export type IntervalUnit = (typeof INTERVAL_UNITS)[number]
export type CronFieldName = (typeof CRON_FIELDS)[number]

export interface TriggerForm {
  type: TriggerType
  /** Of the cron's clock, and of all instants of the form. */
  zone: string
  interval: Record<IntervalUnit, string>
  cron: {
    /** What was typed last, and is sent; the other one follows. */
    source: 'fields' | 'line'
    fields: Record<CronFieldName, string>
    line: string
    /** The weekdays as they were read: their digits stand until other days are typed. */
    weekdaysRead: string
    gap: 'skip' | 'shift'
    fold: 'both' | 'first' | 'second'
  }
  at: InstantForm
  start: InstantForm
  end: InstantForm
  jitter: DurationForm
}

/** A wall clock in the zone of the form; `at`: the instant it was read from. */
export interface InstantForm {
  date: string
  time: string
  at: string
}

export const DURATION_UNITS = ['ms', 's', 'min', 'h', 'd'] as const
export type DurationUnit = (typeof DURATION_UNITS)[number]

/** Without a number: none. */
export interface DurationForm {
  n: string
  unit: DurationUnit
}

/** A header or parameter. */
export interface ValueForm {
  name: string
  value: string
  secret: boolean
  /** The server has the secret; it stays unless a value is typed. */
  kept: boolean
}

export const BODY_KINDS = ['none', 'json', 'text', 'base64'] as const
export type Method = NonNullable<Request['method']>
export const METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
] as const satisfies readonly Method[]

export interface RequestForm {
  method: Method
  url: string
  headers: ValueForm[]
  query: ValueForm[]
  body: { kind: (typeof BODY_KINDS)[number]; text: string }
  timeout: DurationForm
  redirects: string
  success: {
    statuses: string
    contains: string
    pointerUsed: boolean
    pointer: string
    equals: string
  }
  captureBytes: string
  caPem: string
  skipVerification: boolean
}

export const DELAY_KINDS = ['exponential', 'fixed', 'table'] as const

export interface RetryForm {
  used: boolean
  attempts: string
  delay: {
    kind: (typeof DELAY_KINDS)[number]
    first: DurationForm
    max: DurationForm
    jitterPercent: string
    fixed: DurationForm
    /** `1 s, 5 s, 1 min` */
    table: string
  }
  statuses: string
  timeout: boolean
  connect: boolean
  broken: boolean
  obeyRetryAfter: boolean
  deadline: DurationForm
}

export const GRACE_KINDS = ['default', 'limit', 'unlimited'] as const
export const CATCH_UP_KINDS = ['latest', 'none', 'all'] as const
export const OVERLAP_KINDS = ['skip', 'allow', 'queue', 'cancel_previous'] as const
export const DELIVERIES = ['at_most_once', 'at_least_once'] as const

export interface PoliciesForm {
  grace: { kind: (typeof GRACE_KINDS)[number]; limit: DurationForm }
  catchUp: { kind: (typeof CATCH_UP_KINDS)[number]; n: string }
  overlap: { kind: (typeof OVERLAP_KINDS)[number]; n: string }
  delivery: NonNullable<Policies['delivery']>
  pauseUntil: InstantForm
  pauseAfterFailures: string
  priority: string
}

/** What a job is made of, without its id and how it fares. */
export type Definition = Pick<
  JobDefinition,
  'description' | 'tags' | 'trigger' | 'request' | 'retry' | 'policies'
>
