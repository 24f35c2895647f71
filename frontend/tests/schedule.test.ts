import { describe, expect, it } from 'vitest'
import {
  cronLine,
  cronParts,
  dateInstant,
  intervalParts,
  nextFireAt,
  weekdayNames,
} from '@/domain/schedule'
import { job } from './jobs'

const everyMinute = {
  year: '*',
  month: '*',
  day: '*',
  week: '*',
  day_of_week: '*',
  hour: '*',
  minute: '*',
  second: '0',
}

describe('weekdayNames', () => {
  it.each([
    ['0', 'mon'],
    ['6', 'sun'],
    ['0-4', 'mon-fri'],
    ['3-3', 'thu'],
    ['0,2,sun', 'mon,wed,sun'],
    ['0-4/2', 'mon,wed,fri'],
    ['1/2', 'tue,thu,sat'],
    ['mon-fri', 'mon-fri'],
    ['*', '*'],
    ['*/2', '*/2'],
  ])('%s is %s', (expression, names) => {
    expect(weekdayNames(expression)).toBe(names)
  })
})

describe('cron text', () => {
  it('keeps the server’s own words on one line', () => {
    const data = { ...everyMinute, minute: '*/10', hour: '9-18', day_of_week: '0-4' }
    expect(cronLine(data)).toBe('0 */10 9-18 * * 0-4')
  })

  it('tells only the fields that narrow, weekdays by name', () => {
    const data = { ...everyMinute, second: '30', day: 'last fri', day_of_week: '4' }
    expect(cronParts(data)).toEqual([
      { field: 'second', text: '30' },
      { field: 'day', text: 'last fri' },
      { field: 'day_of_week', text: 'fri' },
    ])
  })

  it('has no parts for every minute', () => {
    expect(cronParts(everyMinute)).toEqual([])
  })
})

describe('interval and date', () => {
  it('reads the parts of an interval', () => {
    expect(intervalParts({ hour: 1, minute: 30, second: 0 })).toEqual({
      hours: 1,
      minutes: 30,
      seconds: 0,
    })
  })

  it('says so when the server tells no parts', () => {
    expect(intervalParts({})).toBeNull()
  })

  it('reads date fields as UTC', () => {
    const data = { year: 2096, month: 2, day: 29, hour: 23, minute: 59, second: 59 }
    expect(dateInstant(data).toISOString()).toBe('2096-02-29T23:59:59.000Z')
  })

  it('reads the next fire time with microseconds and offset', () => {
    expect(
      nextFireAt(job({ next_run_time: '2026-11-22T15:49:02.134418+00:00' }))?.toISOString(),
    ).toBe('2026-11-22T15:49:02.134Z')
    expect(nextFireAt(job({ next_run_time: null }))).toBeNull()
  })
})
