import type { Fault, ImportResult } from '@/api/types'

/** What a browser lets one choose as a file of jobs. */
export const JSON_LINES = '.jsonl,.ndjson,.json,application/jsonl'

/** What becomes of a job of the same id that is not as described. */
export const EXISTING = ['refuse', 'keep', 'replace'] as const
export type Existing = (typeof EXISTING)[number]

/** So many faults the server tells at most. */
export const TOLD = 100

/** A line that cannot be imported, and why. */
export interface BadLine {
  line: number | null
  /** As the file has it, if that can be read. */
  jobId: string | null
  field: string
  text: string
}

/** The faults of a refused file with the ids of the jobs they are about. */
export function badLines(faults: readonly Fault[], file: string): BadLine[] {
  const lines = file.split('\n')
  return faults.map(({ line, field, rule }) => ({
    line: line ?? null,
    jobId: line === undefined ? null : jobIdOf(lines[line - 1]),
    field,
    text: rule,
  }))
}

/** Lines that were good, and could not be put any more when their turn came. */
export function failedLines({ failed }: ImportResult): BadLine[] {
  return failed.jobs.map(({ line, job_id, reason }) => ({
    line,
    jobId: job_id,
    field: '',
    text: reason,
  }))
}

function jobIdOf(line = ''): string | null {
  try {
    const { job_id: jobId } = JSON.parse(line) as { job_id?: unknown }
    return typeof jobId === 'string' ? jobId : null
  } catch {
    return null
  }
}

/** The outcomes that a file had, in the order of their weight. */
export function outcomes(result: ImportResult): { key: Outcome; count: number }[] {
  const counts = { ...result, failed: result.failed.count }
  return OUTCOMES.map((key) => ({ key, count: counts[key] })).filter(
    ({ key, count }) => count > 0 || key === 'created',
  )
}

const OUTCOMES = ['failed', 'created', 'replaced', 'unchanged', 'kept'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** So many jobs an import of the file would change. */
export function changes({ created, replaced }: ImportResult): number {
  return created + replaced
}
