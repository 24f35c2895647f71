import { describe, expect, it } from 'vitest'
import { phaseShares, prettyBody } from '@/domain/answer'

describe('phaseShares', () => {
  it('leaves out what did not take place', () => {
    const phases = { dns_us: null, connect_us: null, first_byte_us: 3000, read_us: 1000 }
    expect(phaseShares(phases)).toEqual([
      { name: 'firstByte', ms: 3, start: 0, share: 0.75 },
      { name: 'read', ms: 1, start: 0.75, share: 0.25 },
    ])
    expect(phaseShares(null)).toEqual([])
  })

  it('divides by nothing when nothing took time', () => {
    const phases = { dns_us: 0, connect_us: null, first_byte_us: null, read_us: null }
    expect(phaseShares(phases)).toEqual([{ name: 'dns', ms: 0, start: 0, share: 0 }])
  })
})

describe('prettyBody', () => {
  it('spreads JSON and keeps the rest', () => {
    expect(prettyBody('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
    expect(prettyBody('{"cut off":')).toBe('{"cut off":')
  })
})
