import type { JobFilter, JobListQuery } from '@/api/types'

export const SORTS = ['job_id', 'next_fire', 'last_outcome', 'created'] as const
export type JobSort = (typeof SORTS)[number]

export const STATES = ['', 'running', 'failing', 'paused'] as const
export type StateFilter = (typeof STATES)[number]

/** What the address says of the list. */
export interface ListState {
  text: string
  state: StateFilter
  type: '' | 'cron' | 'interval' | 'date'
  tag: string
  sort: JobSort
  descending: boolean
}

type Parts = Record<string, string>

function oneOf<T extends string>(value: string | undefined, allowed: readonly T[], other: T): T {
  return allowed.find((one) => one === value) ?? other
}

export function readState(parts: Readonly<Parts>): ListState {
  return {
    text: parts.q ?? '',
    state: oneOf(parts.state, STATES, ''),
    type: oneOf(parts.type, ['', 'cron', 'interval', 'date'], ''),
    tag: parts.tag ?? '',
    sort: oneOf(parts.sort, SORTS, 'job_id'),
    descending: parts.order === 'desc',
  }
}

/** The address of a state; what is usual leaves it. */
export function writeState(state: ListState): Parts {
  return {
    q: state.text,
    state: state.state,
    type: state.type,
    tag: state.tag,
    sort: state.sort === 'job_id' ? '' : state.sort,
    order: state.descending ? 'desc' : '',
  }
}

/** The filter of a bulk action or of an export. */
export function filterOf(state: ListState): JobFilter {
  return {
    ...(state.text ? { text: state.text } : {}),
    ...(state.tag ? { tag: state.tag } : {}),
    ...(state.type ? { type: state.type } : {}),
    ...(state.state === 'running' || state.state === 'paused' ? { state: state.state } : {}),
    ...(state.state === 'failing' ? { failing: true } : {}),
  }
}

export function isFiltered(state: ListState): boolean {
  return Object.keys(filterOf(state)).length > 0
}

export function queryOf(state: ListState): JobListQuery {
  return {
    ...(filterOf(state) as JobListQuery),
    sort: state.sort,
    order: state.descending ? 'desc' : 'asc',
  }
}

/** What is typed into the search: `#` in front of the first word means a tag. */
export function readSearch(typed: string): { text: string; tag?: string } {
  const [, tag, text = ''] = /^#(\S+)(?:\s+(.*))?$/.exec(typed.trim()) ?? []
  return tag ? { tag, text: text.trim() } : { text: typed.trim() }
}
