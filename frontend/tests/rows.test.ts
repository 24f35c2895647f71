import { describe, expect, it } from 'vitest'
import { MAX_ROWS, mergeRows } from '@/domain/rows'
import { job } from './jobs'

const rows = (ids: string) => [...ids].map((id) => job({ job_id: id }))
const ids = (jobs: { job_id: string }[]) => jobs.map((one) => one.job_id).join('')

describe('mergeRows', () => {
  it('takes the server’s order when the list is not in use', () => {
    expect(ids(mergeRows(rows('abc'), rows('cda'), false))).toBe('cda')
  })

  it('moves nothing while the list is in use', () => {
    expect(ids(mergeRows(rows('abc'), rows('cda'), true))).toBe('acd')
  })

  it('shows fresh data in kept places', () => {
    const [first] = mergeRows(rows('a'), [job({ status: 'paused' })], true)
    expect(first?.status).toBe('paused')
  })

  it('is never longer than the limit', () => {
    const many = Array.from({ length: MAX_ROWS + 1 }, (_, n) => job({ job_id: String(n) }))
    expect(mergeRows([], many, false)).toHaveLength(MAX_ROWS)
    expect(mergeRows(rows('ab'), many, true)).toHaveLength(MAX_ROWS)
  })
})
