// Starts the real server for the browser tests, and calls its API.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/**
 * Starts `binary` on a free port. `halt` and `goOn` stop and start it on the same
 * port and database; `stop` ends it and removes the database.
 */
export async function startServer(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'schedule-e2e-'))
  let running = await launch(binary, folder, '127.0.0.1:0')
  const { url } = running
  const halt = async () => {
    running.child.kill('SIGTERM')
    await running.ended
  }
  const goOn = async () => {
    running = await launch(binary, folder, new URL(url).host)
  }
  const stop = async () => {
    await halt()
    await rm(folder, { recursive: true, force: true })
  }
  return { url, halt, goOn, stop }
}

/** One call to the API; the answer's JSON, if it has any. */
export async function call(base, method, path, body) {
  const response = await fetch(new URL(`api/v1/${path}`, base), {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** Puts many jobs at once; each needs `job_id` and `definition`. */
export async function importJobs(base, jobs) {
  const response = await fetch(new URL('api/v1/import?existing=replace', base), {
    method: 'POST',
    headers: { 'Content-Type': 'application/jsonl' },
    body: jobs.map((job) => JSON.stringify(job)).join('\n'),
  })
  if (!response.ok) throw new Error(`import: ${response.status} ${await response.text()}`)
}

async function launch(binary, folder, bind) {
  const child = spawn(binary, {
    env: { BIND: bind, DATABASE_URL: `sqlite://${folder}/e2e.db` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  return { child, ended, url: await servingAddress(child) }
}

async function servingAddress(child) {
  const lines = []
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line)
    const url = /serving on (http:\/\/[^;]+);/.exec(line)?.[1]
    if (url) {
      child.stderr.resume()
      return `${url}/`
    }
  }
  throw new Error(`the server ended at start:\n${lines.join('\n')}`)
}
