import type { CronFields, FieldIssue, Job, JobRequest, JobSchedule, JobType } from '@/api/types'
import { clockFor, readDate, toInputValue, type Clock, type DateFault } from './instant'
import { CRON_FIELDS, dateInstant, intervalParts, weekdayNames } from './schedule'

/** What the user typed; all types are kept, so switching loses nothing. */
export interface JobDraft {
  jobId: string
  url: string
  type: JobType
  date: { value: string; clock: Clock }
  interval: { hours: string; minutes: string; seconds: string }
  cron: CronFields
}

/** Fields of the form that can carry a fault; `form` is the form as a whole. */
export type DraftField =
  | 'jobId'
  | 'url'
  | 'date'
  | 'interval'
  | 'hours'
  | 'minutes'
  | 'seconds'
  | keyof CronFields
  | 'form'

export type DraftFault = DateFault | 'wholeNumber' | 'intervalZero' | 'url'

/** A fault found here has a `fault` code; one told by the server has its `message`. */
export type DraftIssue = { field: DraftField } & ({ fault: DraftFault } | { message: string })

export type DraftResult = { ok: true; request: JobRequest } | { ok: false; issues: DraftIssue[] }

export function emptyDraft(): JobDraft {
  return {
    jobId: '',
    url: '',
    type: 'cron',
    date: { value: '', clock: 'local' },
    interval: { hours: '', minutes: '', seconds: '' },
    cron: { second: '0', minute: '*', hour: '*', day: '*', month: '*', day_of_week: '*' },
  }
}

export function draftOf(job: Job): JobDraft {
  const draft = { ...emptyDraft(), jobId: job.job_id, url: job.request_url, type: job.type }
  if (job.type === 'date') {
    const at = dateInstant(job.data)
    const clock = clockFor(at)
    draft.date = { value: toInputValue(at, clock), clock }
  } else if (job.type === 'interval') {
    const parts = intervalParts(job.data)
    if (parts) {
      draft.interval = {
        hours: String(parts.hours),
        minutes: String(parts.minutes),
        seconds: String(parts.seconds),
      }
    }
  } else {
    for (const field of CRON_FIELDS) draft.cron[field] = String(job.data[field] ?? '*')
    draft.cron.day_of_week = weekdayNames(draft.cron.day_of_week)
  }
  return draft
}

export function readDraft(draft: JobDraft, now: Date): DraftResult {
  const issues: DraftIssue[] = []
  const url = draft.url.trim()
  if (draft.jobId.trim() === '') issues.push({ field: 'jobId', fault: 'required' })
  if (url === '') issues.push({ field: 'url', fault: 'required' })
  else if (!isHttpUrl(url)) issues.push({ field: 'url', fault: 'url' })
  const schedule = readSchedule(draft, now)
  if (schedule.ok && issues.length === 0) {
    return { ok: true, request: { jobId: draft.jobId, url, schedule: schedule.value } }
  }
  return { ok: false, issues: schedule.ok ? issues : [...issues, ...schedule.issues] }
}

/** Puts the server's faults beside the inputs they belong to. */
export function placeIssues(type: JobType, issues: FieldIssue[]): DraftIssue[] {
  return issues.map(({ field, message }) => {
    const place = placeOf(type, field)
    return { field: place, message: place === 'form' && field ? `${field}: ${message}` : message }
  })
}

function placeOf(type: JobType, field: string): DraftField {
  if (field === 'job_id') return 'jobId'
  if (field === 'url') return 'url'
  if (type === 'date') {
    return ['year', 'month', 'day', 'hour', 'minute', 'second'].includes(field) ? 'date' : 'form'
  }
  if (type === 'interval') {
    return ['hours', 'minutes', 'seconds'].includes(field) ? (field as DraftField) : 'form'
  }
  return (CRON_FIELDS as readonly string[]).includes(field) ? (field as DraftField) : 'form'
}

type ScheduleResult = { ok: true; value: JobSchedule } | { ok: false; issues: DraftIssue[] }

function readSchedule(draft: JobDraft, now: Date): ScheduleResult {
  switch (draft.type) {
    case 'date':
      return readDateSchedule(draft, now)
    case 'interval':
      return readIntervalSchedule(draft)
    case 'cron':
      return readCronSchedule(draft)
  }
}

function readDateSchedule(draft: JobDraft, now: Date): ScheduleResult {
  const date = readDate(draft.date.value, draft.date.clock, now)
  return date.ok
    ? { ok: true, value: { type: 'date', fields: date.fields } }
    : { ok: false, issues: [{ field: 'date', fault: date.fault }] }
}

function readIntervalSchedule(draft: JobDraft): ScheduleResult {
  const fields = { hours: 0, minutes: 0, seconds: 0 }
  const issues: DraftIssue[] = []
  for (const field of ['hours', 'minutes', 'seconds'] as const) {
    const text = draft.interval[field].trim()
    if (/^\d{0,9}$/.test(text)) fields[field] = Number(text)
    else issues.push({ field, fault: 'wholeNumber' })
  }
  if (issues.length > 0) return { ok: false, issues }
  if (fields.hours + fields.minutes + fields.seconds === 0) {
    return { ok: false, issues: [{ field: 'interval', fault: 'intervalZero' }] }
  }
  return { ok: true, value: { type: 'interval', fields } }
}

function readCronSchedule(draft: JobDraft): ScheduleResult {
  const fields = { ...draft.cron }
  for (const field of CRON_FIELDS) fields[field] = fields[field].trim()
  const issues = CRON_FIELDS.filter((field) => fields[field] === '').map((field): DraftIssue => ({
    field,
    fault: 'required',
  }))
  return issues.length > 0 ? { ok: false, issues } : { ok: true, value: { type: 'cron', fields } }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}
