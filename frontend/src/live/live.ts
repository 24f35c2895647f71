import { readonly, ref } from 'vue'
import { basePath } from '@/api/base'
import type { HelloEvent, JobEvent, RunEvent } from '@/api/types'
import { clockSkewMs, setServerTime } from '@/composables/useNow'
import { lead, openChannel } from './leader'
import type { StreamEvent } from './sse'
import { follow } from './stream'

export type LiveStatus = 'connecting' | 'live' | 'lost'

export interface LiveListener {
  job?(event: JobEvent): void
  run?(event: RunEvent): void
  /** Events may have been missed: load anew what is shown. */
  reset?(): void
}

type Message = { event: StreamEvent } | { status: LiveStatus; skewMs: number } | { ask: true }

/** A tab nobody looks at for so long gives its stream up. */
const HIDDEN_MS = 300_000

const status = ref<LiveStatus>('connecting')
const listeners = new Set<LiveListener>()
let lastId: string | undefined
let leading = false
let channel: BroadcastChannel | null = null
let taking = new AbortController()

/** Whether what is shown follows the server. */
export const liveStatus = readonly(status)

export function listen(listener: LiveListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Begins to follow the server's events; once for the page. */
export function startLive(): void {
  channel = openChannel()
  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => hear(data))
  document.addEventListener('visibilitychange', leaveWhenHidden)
  takePart()
  tell({ ask: true })
}

function takePart(): void {
  taking = new AbortController()
  lead(async (signal) => {
    leading = true
    setStatus(lastId ? status.value : 'connecting')
    await follow(`${basePath}api/v1/events`, () => lastId, stream, signal)
    leading = false
  }, taking.signal)
}

const stream = {
  open: () => setStatus('live'),
  lost: () => setStatus('lost'),
  event: (event: StreamEvent) => {
    tell({ event })
    take(event)
  },
}

function hear(message: Message): void {
  if ('event' in message) take(message.event)
  else if ('ask' in message) {
    if (leading) tellStatus()
  } else {
    status.value = message.status
    setServerTime(new Date(Date.now() + message.skewMs))
  }
}

function tell(message: Message): void {
  channel?.postMessage(message)
}

function setStatus(next: LiveStatus): void {
  status.value = next
  tellStatus()
}

function tellStatus(): void {
  tell({ status: status.value, skewMs: clockSkewMs() })
}

function take({ id, type, data }: StreamEvent): void {
  const resuming = lastId !== undefined
  if (id) lastId = id
  const body: unknown = data ? JSON.parse(data) : {}
  if (type === 'job') listeners.forEach((listener) => listener.job?.(body as JobEvent))
  else if (type === 'run') listeners.forEach((listener) => listener.run?.(body as RunEvent))
  else if (type === 'hello') greet(body as HelloEvent, resuming)
  else if (type === 'reset') reset()
}

function greet({ at, resumed }: HelloEvent, resuming: boolean): void {
  setServerTime(new Date(at))
  if (resuming && !resumed) reset()
}

/** What is shown may be old: load it anew. */
export function reset(): void {
  listeners.forEach((listener) => listener.reset?.())
}

let hiddenTimer: ReturnType<typeof setTimeout> | undefined

function leaveWhenHidden(): void {
  clearTimeout(hiddenTimer)
  if (document.hidden) {
    hiddenTimer = setTimeout(() => taking.abort(), HIDDEN_MS)
  } else if (taking.signal.aborted) {
    // Another tab may have led meanwhile, from another place in the stream.
    lastId = undefined
    reset()
    takePart()
    tell({ ask: true })
  }
}
