import createClient from 'openapi-fetch'
import { basePath } from './base'
import { refusal, transportError } from './error'
import type { paths } from './schema'

const TIMEOUT_MS = 15_000
/** The answer to many jobs at once comes at the end of the work. */
export const LONG_TIMEOUT_MS = 300_000

/** `GET`, `PUT`, … with the paths and shapes of the OpenAPI document. */
export const api = createClient<paths>({
  baseUrl: basePath.slice(0, -1),
  cache: 'no-store',
  fetch: (request) => withTimeout(request, TIMEOUT_MS),
})

/** Like `fetch`, with a limit of its own instead of the usual one. */
export function withTimeout(request: Request, ms: number): Promise<Response> {
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(ms)]) })
}

/** For calls that take their time: `api.POST(path, { ..., fetch: patient })`. */
export function patient(request: Request): Promise<Response> {
  return withTimeout(request, LONG_TIMEOUT_MS)
}

/**
 * The data of an answer. Throws `ApiError` for a refusal or a fault on the way,
 * which is what vue-query wants of a query function.
 */
export async function data<D>(
  call: Promise<{ data?: D; error?: unknown; response: Response }>,
): Promise<NonNullable<D>> {
  const answer = await call.catch((error: unknown) => {
    throw transportError(error)
  })
  if (!answer.response.ok) throw refusal(answer.response.status, answer.error)
  return answer.data as NonNullable<D>
}
