// Starts the real server for a browser test.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Starts `binary` on a free port; `stop` ends it and removes its database. */
export async function startServer(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'schedule-e2e-'))
  const child = spawn(binary, {
    env: { BIND: '127.0.0.1:0', DATABASE_URL: `sqlite://${folder}/e2e.db` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const url = await servingAddress(child)
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  return { url, stop }
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
