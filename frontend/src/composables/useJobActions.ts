import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ApiResult, Job } from '@/api/types'
import type { useJobs } from './useJobs'
import { useErrorText } from './useErrorText'
import { useToasts } from './useToasts'

type JobActions = Pick<ReturnType<typeof useJobs>, 'pause' | 'resume' | 'remove'>

/** What the buttons of a row do, each with its note for the user. */
export function useJobActions(actions: JobActions) {
  const { t } = useI18n()
  const errorText = useErrorText()
  const toasts = useToasts()
  const busyIds = ref(new Set<string>())

  async function run(
    id: string,
    action: (id: string) => Promise<ApiResult<unknown>>,
    done: 'paused' | 'resumed' | 'removed',
  ): Promise<void> {
    busyIds.value.add(id)
    const answer = await action(id)
    busyIds.value.delete(id)
    if (answer.ok) toasts.show('ok', t(`toast.${done}`, { id }))
    else toasts.show('error', t('toast.failed', { id, reason: errorText(answer.error) }))
  }

  function toggle(job: Job): Promise<void> {
    return job.status === 'paused'
      ? run(job.job_id, actions.resume, 'resumed')
      : run(job.job_id, actions.pause, 'paused')
  }

  function remove(id: string): Promise<void> {
    return run(id, actions.remove, 'removed')
  }

  function noteSaved(id: string, edited: boolean): void {
    toasts.show('ok', t(edited ? 'toast.saved' : 'toast.added', { id }))
  }

  return { busyIds, toggle, remove, noteSaved }
}
