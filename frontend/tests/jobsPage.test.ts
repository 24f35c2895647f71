import { effect } from 'vue'
import { describe, expect, it } from 'vitest'
import type { JobPage } from '@/api/types'
import {
  filterOf,
  isFiltered,
  queryOf,
  readSearch,
  readState,
  writeState,
} from '@/pages/jobs/filters'
import { createRows } from '@/pages/jobs/rows'
import { useSelection } from '@/pages/jobs/selection'
import { totalOf } from '@/pages/jobs/useJobList'
import { needsQuestion } from '@/pages/jobs/useBulk'
import { job } from './jobs'

const jobs = (ids: string) => [...ids].map((job_id) => job({ job_id }))

describe('the address of the list', () => {
  const address = {
    q: 'pay',
    state: 'failing',
    type: 'cron',
    tag: 'eu',
    sort: 'created',
    order: 'desc',
  }

  it('round trips', () => {
    expect(writeState(readState(address))).toEqual(address)
    expect(queryOf(readState(address))).toEqual({
      text: 'pay',
      tag: 'eu',
      type: 'cron',
      failing: true,
      sort: 'created',
      order: 'desc',
    })
  })

  it('is empty for the plain list, whatever nonsense it had', () => {
    const plain = readState({ state: 'x', type: 'y', sort: 'z', order: 'up' })
    expect(Object.values(writeState(plain)).join('')).toBe('')
    expect(isFiltered(plain)).toBe(false)
    expect(filterOf(plain)).toEqual({})
    expect(filterOf(readState({ state: 'paused' }))).toEqual({ state: 'paused' })
  })

  it.each([
    ['pay', { text: 'pay' }],
    [' #eu ', { tag: 'eu', text: '' }],
    ['#eu  pay card', { tag: 'eu', text: 'pay card' }],
    ['# eu', { text: '# eu' }],
  ])('the search %o', (typed, found) => {
    expect(readSearch(typed)).toEqual(found)
  })
})

describe('rows', () => {
  it('know where each job stands', () => {
    const rows = createRows()
    rows.put(100, jobs('abc'))
    expect(rows.indexOf('b')).toBe(101)
    expect(rows.at(101)?.job_id).toBe('b')
    expect(rows.has(100, 103)).toBe(true)
    expect(rows.has(99, 103)).toBe(false)
    expect(rows.set(job({ job_id: 'b', description: 'x' }))).toBe(true)
    expect(rows.get('b')?.description).toBe('x')
    expect(rows.set(job({ job_id: 'z' }))).toBe(false)
  })

  it('close the gap of a job that is gone', () => {
    const rows = createRows()
    rows.put(0, jobs('abc'))
    rows.put(100, jobs('xyz'))
    expect(rows.remove('b')).toBe(true)
    expect(rows.remove('b')).toBe(false)
    expect([rows.indexOf('c'), rows.indexOf('y'), rows.loaded()]).toEqual([1, 100, 5])
  })

  it('forget a job whose place another one takes', () => {
    const rows = createRows()
    rows.put(0, jobs('ab'))
    rows.put(0, jobs('ca'))
    expect([rows.indexOf('c'), rows.indexOf('a'), rows.indexOf('b')]).toEqual([0, 1, -1])
  })

  it('tell of many changes once', () => {
    const rows = createRows()
    const seen: (string | undefined)[] = []
    effect(() => seen.push(rows.at(0)?.job_id))
    rows.put(0, jobs('a'))
    rows.put(0, jobs('b'))
    rows.tell()
    expect(seen).toEqual([undefined, 'b'])
  })
})

describe('a selection', () => {
  const ids = [...'abcdef']
  const at = (index: number) => ids[index]

  it('takes a range from the last row, both ways', () => {
    const selection = useSelection()
    selection.toggle('b', 1, false, at)
    selection.toggle('d', 3, true, at)
    expect([...selection.ids.value].sort().join('')).toBe('bcd')
    selection.toggle('c', 2, false, at)
    selection.toggle('e', 4, true, at)
    expect([...selection.ids.value].sort().join('')).toBe('bcde')
    selection.forget('e')
    expect(selection.has('e')).toBe(false)
  })

  it('is all that match, or some', () => {
    const selection = useSelection()
    selection.toggle('a', 0, false, at)
    selection.selectAll()
    expect([selection.has('z'), selection.ids.value.size, selection.any.value]).toEqual([
      true,
      0,
      true,
    ])
    selection.clear()
    expect(selection.any.value).toBe(false)
  })
})

describe('needsQuestion', () => {
  it.each([
    ['delete', 1, true],
    ['run', 20, false],
    ['run', 21, true],
    ['pause', 10_000, false],
    ['resume', 10_001, true],
  ] as const)('%s of %i: %s', (action, count, asked) => {
    expect(needsQuestion(action, count)).toBe(asked)
  })
})

describe('the count of a filtered list', () => {
  const page = (count: number, exact: boolean, next_cursor: string | null): JobPage => ({
    items: [],
    total: { count, exact },
    next_cursor,
  })

  it.each([
    ['what the server knows', page(2_697, true, 'x'), 50, { count: 2_697, exact: true }],
    ['at least what was found', page(1, false, 'x'), 7, { count: 7, exact: false }],
    ['what was found in all', page(0, false, null), 3, { count: 3, exact: true }],
  ])('is %s', (_, last, loaded, told) => {
    expect(totalOf(last, loaded)).toEqual(told)
  })
})
