import { serverUrl } from '@/api/base'

/** Put between the parts of a command that is read before it is copied. */
export const NEW_LINE = ' \\\n  '

/** A command for a POSIX shell that makes this call to the server's API. */
export function curl(method: string, path: string, body?: unknown, between = ' '): string {
  const call = ['curl -s', method === 'GET' ? '' : `-X ${method}`, quote(serverUrl(path))]
  const parts = [call.filter(Boolean).join(' ')]
  if (body !== undefined) {
    parts.push("-H 'Content-Type: application/json'", `-d ${quote(JSON.stringify(body))}`)
  }
  return parts.join(between)
}

/** A command that sends a file as it is. */
export function curlFile(path: string, file: string, type: string): string {
  const parts = [`curl -s ${quote(serverUrl(path))}`, `-H ${quote(`Content-Type: ${type}`)}`]
  return [...parts, `--data-binary ${quote(`@${file}`)}`].join(' ')
}

/** The API path of a job or of an action on it: `jobPath('a b', ':run')`. */
export function jobPath(jobId: string, rest = ''): string {
  return `api/v1/jobs/${encodeURIComponent(jobId)}${rest}`
}

/** Single quotes keep everything as it is, but a single quote. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
