import { createParser, type StreamEvent } from './sse'

/** The server sends at least a comment each 15 s. */
const SILENCE_MS = 40_000
const RETRY_MS = [500, 1_000, 2_000, 2_500]

export interface StreamHandler {
  /** Called with the answer's first bytes. */
  open(): void
  event(event: StreamEvent): void
  /** The stream has ended or could not be opened; it is tried again by itself. */
  lost(): void
}

/**
 * Follows the stream at `url` until `signal` ends it, resuming behind `lastId()`
 * after each loss. `fetch` and not `EventSource`: another tab may have to go on
 * where this one stopped, and silence has to be noticed.
 */
export async function follow(
  url: string,
  lastId: () => string | undefined,
  handler: StreamHandler,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    const opened = await readOnce(url, lastId(), handler, signal)
    if (signal.aborted) return
    handler.lost()
    failures = opened ? 0 : failures + 1
    await pause(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0, signal)
  }
}

/** Whether the stream was open at all. */
async function readOnce(
  url: string,
  lastId: string | undefined,
  handler: StreamHandler,
  signal: AbortSignal,
): Promise<boolean> {
  const watchdog = new AbortController()
  let timer = setTimeout(() => watchdog.abort(), SILENCE_MS)
  let opened = false
  try {
    const response = await fetch(url, {
      headers: { Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
      cache: 'no-store',
      signal: AbortSignal.any([signal, watchdog.signal]),
    })
    if (!response.ok || !response.body) return false
    const parse = createParser()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return opened
      clearTimeout(timer)
      timer = setTimeout(() => watchdog.abort(), SILENCE_MS)
      if (!opened) handler.open()
      opened = true
      parse(value).forEach((event) => handler.event(event))
    }
  } catch {
    return opened
  } finally {
    clearTimeout(timer)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
