import type { Trigger } from '@/api/types'

type CronTrigger = Extract<Trigger, { type: 'cron' }>
type IntervalTrigger = Extract<Trigger, { type: 'interval' }>

/** A schedule in words: a key below `schedule` in the catalogues, and what goes into it. */
export interface ScheduleWords {
  key:
    | 'everySecond'
    | 'everyMinute'
    | 'everyMinutes'
    | 'everyHour'
    | 'everyHours'
    | 'daily'
    | 'weekly'
    | 'monthly'
    | 'cron'
    | 'every'
    | 'once'
  params: Record<string, string | number>
}

const UNITS = ['weeks', 'days', 'hours', 'minutes', 'seconds'] as const
const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The zone a trigger's times are told in; null: it has none and runs on UTC. */
export function jobZone(trigger: Trigger): string | null {
  return trigger.type === 'cron' ? (trigger.timezone ?? null) : null
}

/** The parts of an interval that are not zero, largest first. */
export function intervalParts(trigger: IntervalTrigger): [(typeof UNITS)[number], number][] {
  return UNITS.flatMap((unit) => {
    const value = trigger[unit]
    return value ? [[unit, value] as const] : []
  }).map(([unit, value]) => [unit, value])
}

/** The fields of a cron trigger as text, each with its default. */
function fields(trigger: CronTrigger) {
  const text = (value: unknown, fallback: string) =>
    value === null || value === undefined ? fallback : String(value)
  return {
    second: text(trigger.second, '0'),
    minute: text(trigger.minute, '*'),
    hour: text(trigger.hour, '*'),
    day: text(trigger.day, '*'),
    month: text(trigger.month, '*'),
    weekday: weekdayNames(text(trigger.day_of_week, '*')),
    week: text(trigger.week, '*'),
    year: text(trigger.year, '*'),
  }
}

/**
 * The fields on one line: `*\/10 9-18 * * mon-fri`, the second in front where it
 * is not 0, week and year named where they are given.
 */
export function cronLine(trigger: CronTrigger): string {
  const { second, minute, hour, day, month, weekday, week, year } = fields(trigger)
  return [
    ...(second === '0' ? [] : [second]),
    ...[minute, hour, day, month, weekday],
    ...(week === '*' ? [] : [`week ${week}`]),
    ...(year === '*' ? [] : [`year ${year}`]),
  ].join(' ')
}

/**
 * Words for schedules whose meaning is beyond doubt. Everything else is `cron`:
 * its line says more than words that might be wrong.
 */
export function scheduleWords(trigger: Trigger): ScheduleWords {
  if (trigger.type === 'date') return { key: 'once', params: {} }
  if (trigger.type === 'interval') return { key: 'every', params: {} }
  const { second, minute, hour, day, month, weekday, week, year } = fields(trigger)
  const rest = [day, month, weekday, week, year]
  const whole = (...free: string[]) => rest.every((field) => field === '*' || free.includes(field))
  const line: ScheduleWords = { key: 'cron', params: { line: cronLine(trigger) } }

  if (second === '*' && minute === '*' && hour === '*' && whole()) {
    return { key: 'everySecond', params: {} }
  }
  if (second !== '0') return line
  if (hour === '*' && whole()) return eachHour(minute) ?? line
  const every = step(hour, 24)
  if (every && isNumber(minute) && whole()) {
    return { key: 'everyHours', params: { n: every, minute: pad(minute) } }
  }
  if (!isNumber(minute) || !isNumber(hour)) return line
  const time = `${pad(hour)}:${pad(minute)}`
  if (whole()) return { key: 'daily', params: { time } }
  if (weekday !== '*' && whole(weekday)) return { key: 'weekly', params: { time, days: weekday } }
  if (isNumber(day) && whole(day)) return { key: 'monthly', params: { time, day } }
  return line
}

function eachHour(minute: string): ScheduleWords | undefined {
  if (minute === '*') return { key: 'everyMinute', params: {} }
  const every = step(minute, 60)
  if (every) return { key: 'everyMinutes', params: { n: every } }
  return isNumber(minute) ? { key: 'everyHour', params: { minute: pad(minute) } } : undefined
}

/** Writes weekday numbers as names; 0 is Monday. Other text is left as it is. */
export function weekdayNames(expression: string): string {
  return expression.split(',').map(weekdayItem).join(',')
}

function weekdayItem(item: string): string {
  const match = /^([0-6])(?:-([0-6]))?(?:\/([1-6]))?$/.exec(item.trim())
  if (!match) return item
  const first = Number(match[1])
  const every = Number(match[3] ?? 0)
  const last = Number(match[2] ?? (every > 0 ? 6 : first))
  const days = WEEKDAYS.slice(first, last + 1)
  if (every > 0) return days.filter((_, index) => index % every === 0).join(',')
  return days.length > 1 ? `${days[0]}-${days.at(-1)}` : days.join()
}

/** The step of `*\/n` where it divides the whole, so that no gap is shorter. */
function step(field: string, whole: number): number | undefined {
  const n = Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? 0)
  return n > 1 && whole % n === 0 ? n : undefined
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field)
}

function pad(field: string): string {
  return field.padStart(2, '0')
}
