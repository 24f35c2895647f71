import { describe, expect, it } from 'vitest'
import { draftOf, emptyDraft, placeIssues, readDraft } from '@/domain/jobForm'
import { job } from './jobs'

const now = new Date('2026-01-01T00:00:00Z')

function draft(differences: Partial<ReturnType<typeof emptyDraft>>) {
  return { ...emptyDraft(), jobId: 'a', url: 'http://target.example/', ...differences }
}

describe('readDraft', () => {
  it('sends all six cron fields, trimmed', () => {
    const cron = { ...emptyDraft().cron, minute: ' */10 ' }
    expect(readDraft(draft({ cron }), now)).toEqual({
      ok: true,
      request: {
        jobId: 'a',
        url: 'http://target.example/',
        schedule: {
          type: 'cron',
          fields: {
            second: '0',
            minute: '*/10',
            hour: '*',
            day: '*',
            month: '*',
            day_of_week: '*',
          },
        },
      },
    })
  })

  it('counts empty interval parts as 0', () => {
    const interval = { hours: '', minutes: '90', seconds: '' }
    expect(readDraft(draft({ type: 'interval', interval }), now)).toMatchObject({
      ok: true,
      request: { schedule: { fields: { hours: 0, minutes: 90, seconds: 0 } } },
    })
  })

  it('tells all faults at once', () => {
    const interval = { hours: '-1', minutes: '1.5', seconds: '0' }
    expect(
      readDraft(draft({ jobId: ' ', url: 'ftp://x/', type: 'interval', interval }), now),
    ).toEqual({
      ok: false,
      issues: [
        { field: 'jobId', fault: 'required' },
        { field: 'url', fault: 'url' },
        { field: 'hours', fault: 'wholeNumber' },
        { field: 'minutes', fault: 'wholeNumber' },
      ],
    })
  })

  it.each([
    [{ type: 'interval' }, { field: 'interval', fault: 'intervalZero' }],
    [{ type: 'date' }, { field: 'date', fault: 'required' }],
    [{ cron: { ...emptyDraft().cron, hour: ' ' } }, { field: 'hour', fault: 'required' }],
  ] as const)('refuses %o', (differences, issue) => {
    expect(readDraft(draft(differences), now)).toEqual({ ok: false, issues: [issue] })
  })
})

describe('draftOf', () => {
  it('shows weekdays by name', () => {
    const data = { ...job().data, day_of_week: '0-4' }
    expect(draftOf(job({ data })).cron.day_of_week).toBe('mon-fri')
  })

  it('shows a date job in browser time', () => {
    const data = { year: 2099, month: 7, day: 4, hour: 16, minute: 0, second: 0 }
    expect(draftOf(job({ type: 'date', data })).date).toEqual({
      value: '2099-07-04T12:00:00',
      clock: 'local',
    })
  })

  it('leaves the parts empty for an interval without any', () => {
    const { interval } = draftOf(job({ type: 'interval', data: {} }))
    expect(interval).toEqual({ hours: '', minutes: '', seconds: '' })
  })
})

describe('placeIssues', () => {
  it.each([
    ['cron', 'job_id', 'jobId'],
    ['cron', 'minute', 'minute'],
    ['cron', 'day_of_week', 'day_of_week'],
    ['interval', 'hours', 'hours'],
    ['date', 'year', 'date'],
    ['date', 'second', 'date'],
  ] as const)('%s %s stands at %s', (type, field, place) => {
    expect(placeIssues(type, [{ field, message: 'no' }])).toEqual([{ field: place, message: 'no' }])
  })

  it('shows a fault without a place above the buttons, with its name', () => {
    expect(placeIssues('interval', [{ field: 'minute', message: 'no' }])).toEqual([
      { field: 'form', message: 'minute: no' },
    ])
  })
})
