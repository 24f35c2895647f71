import type { JobListQuery } from '@/api/types'

export const STATES = ['', 'running', 'failing', 'paused'] as const
export const TYPES = ['', 'cron', 'interval', 'date'] as const

/** Which jobs an export holds. */
export interface ExportFilter {
  state: (typeof STATES)[number]
  type: (typeof TYPES)[number]
  tag: string
  text: string
}

/** The parameters that an export and the list of jobs have in common. */
export type ExportQuery = Pick<JobListQuery, 'state' | 'type' | 'tag' | 'text' | 'failing'>

export function exportQuery({ state, type, tag, text }: ExportFilter): ExportQuery {
  return {
    ...(state === 'failing' ? { failing: true } : state ? { state } : {}),
    ...(type ? { type } : {}),
    ...(tag.trim() ? { tag: tag.trim() } : {}),
    ...(text.trim() ? { text: text.trim() } : {}),
  }
}

export function exportPath(query: ExportQuery): string {
  const entries = Object.entries(query).map(([name, value]) => [name, String(value)])
  const parameters = new URLSearchParams(entries).toString()
  return `api/v1/export${parameters && `?${parameters}`}`
}

/** `jobs-2026-11-23.jsonl` */
export function exportName(day: string): string {
  return `jobs-${day}.jsonl`
}
