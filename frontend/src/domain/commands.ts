import type { BulkAction, Job, JobFilter } from '@/api/types'
import { curl, jobPath } from './curl'

/** What the page does with jobs, as commands: each makes the call that the page makes. */

export function putCommand(job: Job): string {
  const { description, tags, trigger, request, retry, policies } = job
  const definition = { description, tags, trigger, request, retry, policies }
  return curl('PUT', jobPath(job.job_id), definition)
}

export function runCommand(jobId: string): string {
  return curl('POST', jobPath(jobId, ':run'))
}

/** Until an instant, or until it is resumed. */
export function pauseCommand(jobId: string, until: string | null = null): string {
  return curl('POST', jobPath(jobId, ':pause'), until ? { until } : undefined)
}

export function resumeCommand(jobId: string): string {
  return curl('POST', jobPath(jobId, ':resume'))
}

export function deleteCommand(jobId: string): string {
  return curl('DELETE', jobPath(jobId))
}

export function explainCommand(jobId: string, at: string): string {
  return curl('GET', jobPath(jobId, `/explain?at=${encodeURIComponent(at)}`))
}

/** The same jitter for several jobs, one call after the other. */
export function spreadCommand(jobIds: readonly string[], jitterMs: number): string {
  const change = { trigger: { jitter_ms: jitterMs } }
  return jobIds.map((id) => curl('PATCH', jobPath(id), change)).join('\n')
}

export function rerunCommand(runId: number): string {
  return curl('POST', `api/v1/runs/${runId}:rerun`)
}

/** Which jobs a bulk action means. */
export type Which = { job_ids: string[] } | { filter: JobFilter }

export function bulkCommand(action: BulkAction, which: Which): string {
  return curl('POST', 'api/v1/jobs:bulk', { action, ...which })
}
