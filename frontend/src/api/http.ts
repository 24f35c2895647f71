import { basePath } from './base'
import type { ApiError, ApiResult, FieldIssue } from './types'

const TIMEOUT_MS = 15_000

interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Record<string, string>
  body?: unknown
  signal?: AbortSignal
}

/** One call to the server. Every fault is a value; nothing is thrown. */
export async function call(path: string, options: CallOptions = {}): Promise<ApiResult<unknown>> {
  const query = options.query ? `?${new URLSearchParams(options.query)}` : ''
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const response = await fetch(`${basePath}${path}${query}`, {
      method: options.method ?? 'GET',
      headers: options.body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      cache: 'no-store',
    })
    return readAnswer(response.status, await response.text())
  } catch {
    return failed(transportError(options.signal, timeout))
  }
}

function transportError(cancel: AbortSignal | undefined, timeout: AbortSignal): ApiError {
  if (cancel?.aborted) return { kind: 'cancelled' }
  return { kind: timeout.aborted ? 'timeout' : 'network' }
}

/** Maps status and body to the envelope's data or to a typed error. */
export function readAnswer(status: number, text: string): ApiResult<unknown> {
  const body = parseJson(text)
  if (status === 422) {
    const issues = readIssues(body)
    if (issues.length > 0) return failed({ kind: 'invalid', issues })
  }
  if (isRecord(body) && typeof body.success === 'boolean') {
    return body.success ? { ok: true, value: body.data } : failed(readRefusal(body.error))
  }
  return failed(status >= 400 ? { kind: 'status', status } : { kind: 'malformed' })
}

export function failed(error: ApiError): { ok: false; error: ApiError } {
  return { ok: false, error }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readRefusal(error: unknown): ApiError {
  if (!isRecord(error)) return { kind: 'malformed' }
  return { kind: 'refused', code: String(error.code), message: String(error.message) }
}

function readIssues(body: unknown): FieldIssue[] {
  if (!isRecord(body) || !Array.isArray(body.detail)) return []
  return body.detail.filter(isRecord).map((issue) => ({
    field: Array.isArray(issue.loc) ? String(issue.loc.at(-1) ?? '') : '',
    message: String(issue.msg ?? ''),
  }))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
