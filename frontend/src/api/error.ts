import type { Fault, Problem } from './types'

export type ApiErrorKind = 'network' | 'timeout' | 'problem' | 'malformed'

/** Why a call failed: the server's own words where it answered, else what went wrong on the way. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind
  /** HTTP status; 0 without an answer. */
  readonly status: number
  /** The tail of the problem's `type`: `no-such-job`, `precondition-failed`, … */
  readonly code: string
  /** Each fault of the input with its field; empty for other problems. */
  readonly faults: readonly Fault[]

  constructor(kind: ApiErrorKind, message: string, problem?: Problem) {
    super(message)
    this.name = 'ApiError'
    this.kind = kind
    this.status = problem?.status ?? 0
    this.code = problem?.type.split(':').at(-1) ?? ''
    this.faults = problem?.errors ?? []
  }
}

/** The error a refusal stands for; proxies on the way may answer with anything. */
export function refusal(status: number, body: unknown): ApiError {
  if (!isProblem(body)) return new ApiError('malformed', String(status))
  const told = body.errors.map((fault) => `${fault.field}: ${fault.rule}`).join('; ')
  return new ApiError('problem', told || body.detail || body.title, body)
}

/** The error a call that got no answer stands for. A cancelled call stays an `AbortError`. */
export function transportError(error: unknown): Error {
  if (error instanceof Error && error.name === 'AbortError') return error
  const timeout = error instanceof Error && error.name === 'TimeoutError'
  return new ApiError(timeout ? 'timeout' : 'network', String(error))
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as Problem).type === 'string' &&
    typeof (body as Problem).detail === 'string' &&
    Array.isArray((body as Problem).errors)
  )
}
