import { api, data } from '@/api/client'
import { refusal, transportError } from '@/api/error'
import type { Job } from '@/api/types'
import type { Definition } from '@/domain/jobForm'

/** A job, and the revision of its definition that one has seen. */
export interface Seen {
  job: Job
  etag: string
}

export async function loadJob(id: string, signal?: AbortSignal): Promise<Seen> {
  const call = api.GET('/api/v1/jobs/{job_id}', {
    params: { path: { job_id: id } },
    ...(signal && { signal }),
  })
  const job = await data(call)
  return { job, etag: etagOf((await call).response) }
}

/** Whether there is a job of that id. Asked in a way that answers 200 either way. */
export async function isTaken(id: string, signal: AbortSignal): Promise<boolean> {
  const body = { action: 'pause' as const, job_ids: [id], dry_run: true }
  const { not_found } = await data(api.POST('/api/v1/jobs:bulk', { body, signal }))
  return not_found.count === 0
}

/** Puts a definition where the job is as it was seen, or, with `null`, where there is none. */
export async function putJob(
  id: string,
  definition: Definition,
  etag: string | null,
): Promise<Seen> {
  const header = etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag }
  const answer = await api
    .PUT('/api/v1/jobs/{job_id}', {
      params: { path: { job_id: id }, header },
      body: definition,
    })
    .catch((error: unknown) => {
      throw transportError(error)
    })
  if (!answer.data) throw refusal(answer.response.status, answer.error)
  return { job: answer.data, etag: etagOf(answer.response) }
}

function etagOf(response: Response): string {
  return response.headers.get('ETag') ?? ''
}
