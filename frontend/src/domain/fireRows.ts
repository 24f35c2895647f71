import type { FireTime } from '@/api/types'
import { zonedParts } from './instant'

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** A fire time as the wall clock of its trigger shows it. */
export interface FireRow {
  at: string
  weekday: (typeof WEEKDAYS)[number] | undefined
  date: string
  /** With milliseconds where there are any. */
  time: string
  /** `+08:00`, `UTC` */
  offset: string
  /** The same in UTC; empty where the trigger runs on it. */
  utc: string
  /** By the clock of the row, when a jitter sends it later; else empty. */
  sentAt: string
  /** The zone has moved its clocks since the one before. */
  clockMoved: boolean
}

/** Shown in `zone`; without one as the server tells the time of the trigger's own zone. */
export function fireRows(times: readonly FireTime[], zone?: string): FireRow[] {
  let before: string | undefined
  return times.map(({ fire_at, local, send_at }) => {
    const { date, time, offset } = zone ? inZone(fire_at, zone) : asTold(local)
    const clockMoved = before !== undefined && before !== offset
    before = offset
    const later = send_at ? Date.parse(send_at) - Date.parse(fire_at) : 0
    return {
      at: fire_at,
      weekday: WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()],
      date,
      time: withoutZeros(time),
      offset,
      utc: offset === 'UTC' ? '' : utcText(fire_at),
      sentAt: later > 0 ? clockAfter(`${date}T${time}`, later) : '',
      clockMoved,
    }
  })
}

interface WallClock {
  date: string
  time: string
  offset: string
}

function inZone(at: string, zone: string): WallClock {
  const { date, time, millis, offset } = zonedParts(new Date(at), zone)
  return { date, time: time + millis, offset }
}

function asTold(local: string): WallClock {
  const [, date = '', time = '', offset = ''] = LOCAL.exec(local) ?? []
  return { date, time, offset: offset === '+00:00' ? 'UTC' : offset }
}

const LOCAL = /^(.+)T([\d:.]+)([+-]\d\d:\d\d)$/

function withoutZeros(clock: string): string {
  return clock.replace(/\.000$/, '')
}

function utcText(at: string): string {
  const { date, time } = zonedParts(new Date(at), 'UTC')
  return `${date} ${time}`
}

/** The time of day so many milliseconds after a wall clock of the same offset. */
function clockAfter(wallClock: string, ms: number): string {
  const wall = Date.parse(`${wallClock}Z`) + ms
  return withoutZeros(new Date(wall).toISOString().slice(11, -1))
}
