import type { Existing } from '@/domain/importFile'
import { api, data, patient } from './client'
import type { ImportResult } from './types'

/** Puts the jobs of JSON Lines, or with `dry_run` only judges them. */
export function importJobs(
  lines: string,
  query: { dry_run?: boolean; existing?: Existing } = {},
): Promise<ImportResult> {
  return data(
    api.POST('/api/v1/import', {
      params: { query },
      body: lines,
      bodySerializer: String,
      headers: { 'Content-Type': 'application/jsonl' },
      fetch: patient,
    }),
  )
}
