import { describe, expect, it } from 'vitest'
import { fireRows } from '@/domain/fireRows'
import { isKnownZone, matchingZones, zoneNames } from '@/domain/zones'

describe('fireRows', () => {
  const night = [
    { fire_at: '2031-10-26T00:30:00.000Z', local: '2031-10-26T02:30:00.000+02:00' },
    { fire_at: '2031-10-26T01:30:00.000Z', local: '2031-10-26T02:30:00.000+01:00' },
  ]

  it('shows the wall clock of the server, and where the clocks were moved', () => {
    expect(fireRows(night)).toMatchObject([
      { weekday: 'sun', time: '02:30:00', offset: '+02:00', clockMoved: false },
      { time: '02:30:00', offset: '+01:00', utc: '2031-10-26 01:30:00', clockMoved: true },
    ])
  })

  it('shows what has no zone in the one that is asked for, and when it is sent', () => {
    const at = '2031-10-26T00:30:00.250Z'
    const time = { fire_at: at, local: '2031-10-26T00:30:00.250+00:00' }
    const sent = { ...time, send_at: '2031-10-26T00:30:02.250Z' }
    expect(fireRows([sent], 'Asia/Kathmandu')).toMatchObject([
      { time: '06:15:00.250', offset: '+05:45', sentAt: '06:15:02.250' },
    ])
    expect(fireRows([time])).toMatchObject([{ offset: 'UTC', utc: '', sentAt: '' }])
  })
})

describe('zones', () => {
  it('are found by words of their names, best first', () => {
    const zones = zoneNames()
    expect(zones).toContain('UTC')
    expect(matchingZones(zones, 'shang')).toEqual(['Asia/Shanghai'])
    expect(matchingZones(zones, 'new york')).toEqual(['America/New_York'])
    expect(matchingZones(['Asia/Amman', 'Africa/Windhoek'], 'a')[0]).toBe('Asia/Amman')
    expect(matchingZones(zones, 'nowhere')).toEqual([])
  })

  it('are known or not', () => {
    expect(isKnownZone('Europe/Berlin')).toBe(true)
    expect(isKnownZone('Mars/Olympus')).toBe(false)
  })
})
