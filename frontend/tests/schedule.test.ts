import { describe, expect, it } from 'vitest'
import { cronLine, intervalParts, jobZone, scheduleWords, weekdayNames } from '@/domain/schedule'

const cron = (minute: string, hour: string, parts: Record<string, string> = {}) =>
  ({ type: 'cron', minute, hour, ...parts }) as const

describe('scheduleWords', () => {
  it.each([
    [cron('*', '*', { second: '*' }), 'everySecond', {}],
    [cron('*', '*'), 'everyMinute', {}],
    [cron('*/10', '*'), 'everyMinutes', { n: 10 }],
    [cron('5', '*'), 'everyHour', { minute: '05' }],
    [cron('15', '*/4'), 'everyHours', { n: 4, minute: '15' }],
    [cron('30', '2'), 'daily', { time: '02:30' }],
    [cron('0', '9', { day_of_week: '0-4' }), 'weekly', { time: '09:00', days: 'mon-fri' }],
    [cron('0', '0', { day: '1' }), 'monthly', { time: '00:00', day: '1' }],
  ])('%o is %s', (trigger, key, params) => {
    expect(scheduleWords(trigger)).toEqual({ key, params })
  })

  it.each([
    // Seven does not divide an hour: the last gap is shorter.
    [cron('*/7', '*'), '*/7 * * * *'],
    [cron('0', '*/5'), '0 */5 * * *'],
    [cron('0', '9', { day: 'last' }), '0 9 last * *'],
    [cron('0', '9', { day: '1', day_of_week: 'mon' }), '0 9 1 * mon'],
    [cron('0', '9', { month: '2' }), '0 9 * 2 *'],
    [cron('0', '9', { second: '30' }), '30 0 9 * * *'],
    [cron('0', '9', { week: '53', year: '2030' }), '0 9 * * * week 53 year 2030'],
  ])('%o stays a line', (trigger, line) => {
    expect(scheduleWords(trigger)).toEqual({ key: 'cron', params: { line } })
    expect(cronLine(trigger)).toBe(line)
  })
})

describe('weekdayNames', () => {
  it.each([
    ['*', '*'],
    ['0', 'mon'],
    ['0-4', 'mon-fri'],
    ['5,6', 'sat,sun'],
    ['*/2', '*/2'],
    ['1-5/2', 'tue,thu,sat'],
    ['2nd fri', '2nd fri'],
    ['7', '7'],
  ])('%s is %s', (numbers, names) => {
    expect(weekdayNames(numbers)).toBe(names)
  })
})

describe('parts of triggers', () => {
  it('an interval has those that are not zero', () => {
    expect(intervalParts({ type: 'interval', days: 1, hours: 0, minutes: 5 })).toEqual([
      ['days', 1],
      ['minutes', 5],
    ])
  })

  it('only a cron has a zone', () => {
    expect(jobZone({ ...cron('0', '9'), timezone: 'Asia/Tokyo' })).toBe('Asia/Tokyo')
    expect(jobZone({ type: 'interval', hours: 1 })).toBeNull()
  })
})
