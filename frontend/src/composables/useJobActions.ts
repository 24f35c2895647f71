import { useI18n } from 'vue-i18n'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import { queryClient } from '@/api/queryClient'
import type { Job } from '@/api/types'
import { useErrorText } from './useErrorText'
import { useToasts } from './useToasts'

/** Where a job is shown: it is changed there before the server has answered. */
export interface JobView {
  patch(job: Job): void
  remove?(jobId: string): void
}

/** Run, pause, resume and delete one job, with a note for the user and a way back. */
export function useJobActions(view: JobView) {
  const { t } = useI18n()
  const errorText = useErrorText()
  const toasts = useToasts()

  function show(job: Job): void {
    queryClient.setQueryData<Job>(keys.job(job.job_id), (old) => old && job)
    view.patch(job)
  }

  function failed(id: string, error: unknown): void {
    toasts.show('error', t('jobAction.failed', { id, reason: errorText(error) }))
  }

  /** Shows `guess` at once, then what the server says; takes it back on a refusal. */
  async function change(job: Job, guess: Job, call: () => Promise<Job>): Promise<boolean> {
    show(guess)
    try {
      show(await call())
      return true
    } catch (error) {
      show(job)
      failed(job.job_id, error)
      return false
    }
  }

  const path = (job: Job) => ({ params: { path: { job_id: job.job_id } } })
  const undo = (run: () => void) => ({ label: t('common.undo'), run })

  /** Until it is resumed, or until an instant. */
  async function pause(job: Job, until: string | null = null, quiet = false): Promise<void> {
    const guess = paused(job, until)
    const done = await change(job, guess, () =>
      data(api.POST('/api/v1/jobs/{job_id}:pause', { ...path(job), body: { until } })),
    )
    if (done && !quiet) {
      const text = t('jobAction.paused', { id: job.job_id })
      toasts.show(
        'ok',
        text,
        undo(() => void resume(guess, true)),
      )
    }
  }

  async function resume(job: Job, quiet = false): Promise<void> {
    const done = await change(job, resumed(job), () =>
      data(api.POST('/api/v1/jobs/{job_id}:resume', path(job))),
    )
    if (done && !quiet) {
      const text = t('jobAction.resumed', { id: job.job_id })
      toasts.show(
        'ok',
        text,
        undo(() => void pause(resumed(job), pausedUntil(job), true)),
      )
    }
  }

  function toggle(job: Job): Promise<void> {
    return job.status.state === 'paused' ? resume(job) : pause(job)
  }

  async function run(job: Job): Promise<void> {
    try {
      await data(api.POST('/api/v1/jobs/{job_id}:run', path(job)))
      toasts.show('ok', t('jobAction.ran', { id: job.job_id }))
    } catch (error) {
      failed(job.job_id, error)
    }
  }

  /** Whether it is gone. */
  async function remove(job: Job): Promise<boolean> {
    try {
      await data(api.DELETE('/api/v1/jobs/{job_id}', path(job)))
    } catch (error) {
      failed(job.job_id, error)
      return false
    }
    view.remove?.(job.job_id)
    toasts.show('ok', t('jobAction.deleted', { id: job.job_id }))
    return true
  }

  return { toggle, pause, run, remove }
}

function paused(job: Job, until: string | null): Job {
  const paused_by = until ? ('pause_until' as const) : ('client' as const)
  const status = { ...job.status, state: 'paused' as const, paused_by, next_fire_at: null }
  return { ...job, status, policies: { ...job.policies, pause_until: until } }
}

function pausedUntil({ status, policies }: Job): string | null {
  return status.paused_by === 'pause_until' ? (policies.pause_until ?? null) : null
}

function resumed(job: Job): Job {
  return { ...job, status: { ...job.status, state: 'running', paused_by: null } }
}
