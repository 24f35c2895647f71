/** Shapes of the inherited `/scheduler/*` API. */

export type JobType = 'date' | 'interval' | 'cron'
export type JobStatus = 'running' | 'paused'

/** Schedule as the server shows it; an interval of a day or more may come without parts. */
export type ScheduleData = Record<string, string | number | undefined>

export interface Job {
  job_id: string
  name: string
  type: JobType
  data: ScheduleData
  request_url: string
  /** ISO instant with offset, null while paused. */
  next_run_time: string | null
  status: JobStatus
}

export interface JobList {
  task_list: Job[]
  total: number
}

export interface DateFields {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

export interface IntervalFields {
  hours: number
  minutes: number
  seconds: number
}

export interface CronFields {
  second: string
  minute: string
  hour: string
  day: string
  month: string
  day_of_week: string
}

export type JobSchedule =
  | { type: 'date'; fields: DateFields }
  | { type: 'interval'; fields: IntervalFields }
  | { type: 'cron'; fields: CronFields }

export interface JobRequest {
  jobId: string
  url: string
  schedule: JobSchedule
}

/** One fault of a refused request: `field` is the last name in the server's `loc`. */
export interface FieldIssue {
  field: string
  message: string
}

export type ApiError =
  | { kind: 'network' }
  | { kind: 'timeout' }
  | { kind: 'cancelled' }
  | { kind: 'status'; status: number }
  | { kind: 'malformed' }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'invalid'; issues: FieldIssue[] }

export type ApiResult<T> = { ok: true; value: T } | { ok: false; error: ApiError }
