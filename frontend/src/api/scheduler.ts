import { call, failed, isRecord } from './http'
import type { ApiResult, Job, JobList, JobRequest } from './types'

/** Code of `get_job` for an id that does not exist. */
const UNKNOWN_JOB = '10013'

/** Jobs whose id contains `idPart` (case matters; empty matches all). */
export async function getJobs(idPart: string, signal?: AbortSignal): Promise<ApiResult<JobList>> {
  const answer = await call('scheduler/get_jobs', {
    query: { job_id: idPart },
    ...(signal ? { signal } : {}),
  })
  if (!answer.ok) return answer
  return isJobList(answer.value) ? { ok: true, value: answer.value } : failed({ kind: 'malformed' })
}

/** The job of that id, or null if there is none. */
export async function getJob(jobId: string): Promise<ApiResult<Job | null>> {
  const answer = await call('scheduler/get_job', { query: { job_id: jobId } })
  if (answer.ok) {
    return isJob(answer.value) ? { ok: true, value: answer.value } : failed({ kind: 'malformed' })
  }
  const { error } = answer
  const unknown = error.kind === 'refused' && error.code === UNKNOWN_JOB
  return unknown ? { ok: true, value: null } : answer
}

/**
 * Like `getJob`, for an id that is probably free: asks through the list, whose
 * empty answer is a 200, where the 404 of `get_job` would be logged as an error
 * by every browser.
 */
export async function findJob(jobId: string): Promise<ApiResult<Job | null>> {
  const answer = await getJobs(jobId)
  if (!answer.ok) return answer
  return { ok: true, value: answer.value.task_list.find((job) => job.job_id === jobId) ?? null }
}

/** Adds the job; an existing one of the same id is replaced and un-paused. */
export function addJob(job: JobRequest): Promise<ApiResult<unknown>> {
  return call(`scheduler/${job.schedule.type}/add_job`, {
    method: 'POST',
    body: { job_id: job.jobId, url: job.url, ...job.schedule.fields },
  })
}

export function pauseJob(jobId: string): Promise<ApiResult<unknown>> {
  return call('scheduler/pause_job', { method: 'PUT', query: { job_id: jobId } })
}

export function resumeJob(jobId: string): Promise<ApiResult<unknown>> {
  return call('scheduler/resume_job', { method: 'PUT', query: { job_id: jobId } })
}

export function removeJob(jobId: string): Promise<ApiResult<unknown>> {
  return call('scheduler/remove_job', { method: 'DELETE', query: { job_id: jobId } })
}

function isJobList(value: unknown): value is JobList {
  return (
    isRecord(value) &&
    typeof value.total === 'number' &&
    Array.isArray(value.task_list) &&
    value.task_list.every(isJob)
  )
}

function isJob(value: unknown): value is Job {
  return (
    isRecord(value) &&
    typeof value.job_id === 'string' &&
    typeof value.request_url === 'string' &&
    ['date', 'interval', 'cron'].includes(value.type as string) &&
    isRecord(value.data)
  )
}
