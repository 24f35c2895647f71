/** Which clock instants are shown on: the browser's, the job's own, or UTC. */
export const ZONE_MODES = ['browser', 'job', 'utc'] as const
export type ZoneMode = (typeof ZONE_MODES)[number]

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** The zone to show an instant in. A job without a zone of its own runs on UTC. */
export function zoneOf(mode: ZoneMode, jobZone?: string | null): string {
  if (mode === 'browser') return browserZone()
  return (mode === 'job' && jobZone) || 'UTC'
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format is dear; a page uses few zones. */
function formatFor(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
  formats.set(zone, made)
  return made
}

export interface ZonedParts {
  /** `2026-11-23` */
  date: string
  /** `22:20:00` */
  time: string
  /** `.004` */
  millis: string
  /** `+08:00`, `UTC` */
  offset: string
}

export function zonedParts(at: Date, zone: string): ZonedParts {
  const found = Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const { year = '', month, day, hour, minute, second, timeZoneName = '' } = found
  return {
    date: `${year.padStart(4, '0')}-${month}-${day}`,
    time: `${hour}:${minute}:${second}`,
    millis: `.${String(at.getUTCMilliseconds()).padStart(3, '0')}`,
    offset: offsetOf(timeZoneName),
  }
}

/** Engines say `GMT` or `GMT+00:00` where there is none. */
function offsetOf(name: string): string {
  const offset = name.replace('GMT', '')
  return offset === '' || offset === '+00:00' ? 'UTC' : offset
}

export interface InstantStyle {
  /** With milliseconds. */
  millis?: boolean
  /** With the offset behind, `+08:00`. */
  offset?: boolean
}

/** `2026-11-23 22:20:00`, with what `style` adds. */
export function formatInstant(at: Date, zone: string, style: InstantStyle = {}): string {
  const parts = zonedParts(at, zone)
  const clock = `${parts.date} ${parts.time}${style.millis ? parts.millis : ''}`
  return style.offset ? `${clock} ${parts.offset}` : clock
}

export interface Countdown {
  days: number
  /** `08:55:26` */
  clock: string
}

/** Time left in whole seconds, or null once the moment has come. */
export function countdown(at: Date, now: Date): Countdown | null {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000)
  if (seconds <= 0) return null
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  return {
    days: Math.floor(seconds / 86_400),
    clock: parts.map((part) => String(part).padStart(2, '0')).join(':'),
  }
}
