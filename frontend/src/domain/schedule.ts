import type { Job, ScheduleData } from '@/api/types'

export const CRON_FIELDS = ['second', 'minute', 'hour', 'day', 'month', 'day_of_week'] as const
export type CronField = (typeof CRON_FIELDS)[number]

export interface SchedulePart {
  field: CronField
  text: string
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The six cron fields on one line, in the server's own words: `0 *\/10 9-18 * * mon-fri`. */
export function cronLine(data: ScheduleData): string {
  return CRON_FIELDS.map((field) => String(data[field] ?? '*')).join(' ')
}

/** The fields that narrow a cron job, weekdays by name. Empty means: every minute. */
export function cronParts(data: ScheduleData): SchedulePart[] {
  return CRON_FIELDS.flatMap((field) => {
    const value = String(data[field] ?? '*')
    if (value === (field === 'second' ? '0' : '*')) return []
    return [{ field, text: field === 'day_of_week' ? weekdayNames(value) : value }]
  })
}

/** Writes weekday numbers as names; 0 is Monday. Other text is left as it is. */
export function weekdayNames(expression: string): string {
  return expression.split(',').map(weekdayItem).join(',')
}

function weekdayItem(item: string): string {
  const match = /^([0-6])(?:-([0-6]))?(?:\/([1-6]))?$/.exec(item.trim())
  if (!match) return item
  const first = Number(match[1])
  const step = Number(match[3] ?? 0)
  const last = Number(match[2] ?? (step > 0 ? 6 : first))
  const days = WEEKDAYS.slice(first, last + 1)
  if (step > 0) return days.filter((_, index) => index % step === 0).join(',')
  return days.length > 1 ? `${days[0]}-${days.at(-1)}` : days.join()
}

export interface IntervalParts {
  hours: number
  minutes: number
  seconds: number
}

/** The parts of an interval, or null where the server tells none. */
export function intervalParts(data: ScheduleData): IntervalParts | null {
  const parts = { hours: part(data.hour), minutes: part(data.minute), seconds: part(data.second) }
  return parts.hours + parts.minutes + parts.seconds > 0 ? parts : null
}

/** The planned instant of a date job; its fields are UTC. */
export function dateInstant(data: ScheduleData): Date {
  const at = new Date(0)
  at.setUTCFullYear(part(data.year), part(data.month) - 1, part(data.day))
  at.setUTCHours(part(data.hour), part(data.minute), part(data.second))
  return at
}

export function nextFireAt(job: Job): Date | null {
  return job.next_run_time === null ? null : new Date(job.next_run_time)
}

function part(value: string | number | undefined): number {
  return Number(value ?? 0)
}
