import { reactive, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import * as api from '@/api/scheduler'
import type { ApiError, Job } from '@/api/types'
import {
  draftOf,
  emptyDraft,
  placeIssues,
  readDraft,
  type DraftField,
  type DraftIssue,
} from '@/domain/jobForm'
import { useErrorText } from './useErrorText'

/** State and rules of the job form. With `editing` the id is fixed and no overwrite is asked. */
export function useJobForm(editing: Job | null, saved: (jobId: string) => void) {
  const { t } = useI18n()
  const errorText = useErrorText()
  const draft = reactive(editing ? draftOf(editing) : emptyDraft())
  const issues = ref<DraftIssue[]>([])
  const saving = ref(false)
  /** The job that saving would replace; set when the user must decide. */
  const existing = shallowRef<Job | null>(null)

  function faultOf(field: DraftField): string | undefined {
    const faults = issues.value
      .filter((issue) => issue.field === field)
      .map((issue) => ('fault' in issue ? t(`form.fault.${issue.fault}`) : issue.message))
    return faults.length > 0 ? faults.join(' ') : undefined
  }

  async function submit(overwrite = false): Promise<void> {
    if (saving.value) return
    const result = readDraft(draft, new Date())
    issues.value = result.ok ? [] : result.issues
    if (!result.ok) {
      existing.value = null
      return
    }
    saving.value = true
    if (overwrite || editing || (await isFree(result.request.jobId))) {
      const answer = await api.addJob(result.request)
      if (answer.ok) saved(result.request.jobId)
      else refuse(answer.error)
    }
    saving.value = false
  }

  async function isFree(jobId: string): Promise<boolean> {
    const found = await api.findJob(jobId)
    if (!found.ok) {
      refuse(found.error)
      return false
    }
    existing.value = found.value
    return found.value === null
  }

  function refuse(error: ApiError): void {
    existing.value = null
    issues.value =
      error.kind === 'invalid'
        ? placeIssues(draft.type, error.issues)
        : [{ field: 'form', message: errorText(error) }]
  }

  function back(): void {
    existing.value = null
  }

  return { draft, issues, saving, existing, faultOf, submit, back }
}
