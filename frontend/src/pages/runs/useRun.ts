import { useQuery } from '@tanstack/vue-query'
import { computed, ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, data } from '@/api/client'
import { ApiError } from '@/api/error'
import { keys } from '@/api/keys'
import { useErrorText } from '@/composables/useErrorText'
import { useToasts } from '@/composables/useToasts'
import { useLive } from '@/live/useLive'

/** A run with all its attempts, kept fresh, and its job as it is now; id 0 is none. */
export function useRun(runId: Ref<number>) {
  const { t } = useI18n()
  const toasts = useToasts()
  const errorText = useErrorText()

  const query = useQuery({
    queryKey: computed(() => keys.run(runId.value)),
    queryFn: ({ signal }) => {
      const params = { path: { run_id: runId.value } }
      return data(api.GET('/api/v1/runs/{run_id}', { params, signal }))
    },
    enabled: computed(() => runId.value > 0),
    staleTime: 0,
  })
  const run = query.data
  const gone = computed(() => isCode(query.error.value, 'no-such-run'))

  const jobId = computed(() => run.value?.job_id ?? '')
  const ofJob = useQuery({
    queryKey: computed(() => keys.job(jobId.value)),
    queryFn: ({ signal }) => {
      const params = { path: { job_id: jobId.value } }
      return data(api.GET('/api/v1/jobs/{job_id}', { params, signal }))
    },
    enabled: computed(() => jobId.value !== ''),
  })
  const job = ofJob.data
  const jobGone = computed(() => isCode(ofJob.error.value, 'no-such-job'))

  /** A first answer that is on its way may be older than what was told meanwhile. */
  async function follow(): Promise<void> {
    if (!query.data.value) await query.refetch()
    await query.refetch()
  }

  useLive({
    run: (event) => {
      if (event.run.run_id === runId.value) void follow()
    },
  })

  const firing = ref(false)

  /** Fires its job now; the run that this makes, or nothing if it was refused. */
  async function fireAgain(): Promise<number | undefined> {
    firing.value = true
    try {
      const params = { path: { run_id: runId.value } }
      const made = await data(api.POST('/api/v1/runs/{run_id}:rerun', { params }))
      toasts.show('ok', t('jobAction.ran', { id: jobId.value }))
      return made.run_id
    } catch (error) {
      toasts.show('error', errorText(error))
      return undefined
    } finally {
      firing.value = false
    }
  }

  return { query, run, gone, job, jobGone, firing, fireAgain }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code
}
