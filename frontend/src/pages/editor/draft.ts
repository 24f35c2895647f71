import type { JobForm, ValueForm } from '@/domain/jobForm'

/** What is kept of a form that is not saved yet, for as long as the tab is open. */
export interface Draft {
  id: string
  form: JobForm
  /** The revision that the form began with; null: no job. */
  etag: string | null
}

const PREFIX = 'schedule-server.draft.'

export function readDraft(name: string): Draft | undefined {
  try {
    const kept = sessionStorage.getItem(PREFIX + name)
    return kept ? (JSON.parse(kept) as Draft) : undefined
  } catch {
    return undefined
  }
}

/** Typed secrets are left out; a blocked or full storage is no fault. */
export function keepDraft(name: string, { id, form, etag }: Draft): void {
  const request = {
    ...form.request,
    headers: form.request.headers.map(withoutSecret),
    query: form.request.query.map(withoutSecret),
  }
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify({ id, form: { ...form, request }, etag }))
  } catch {
    return
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(PREFIX + name)
  } catch {
    return
  }
}

function withoutSecret(value: ValueForm): ValueForm {
  return value.secret ? { ...value, value: '' } : value
}
