import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, data, patient } from '@/api/client'
import type { BulkAction, BulkResult } from '@/api/types'
import { useErrorText } from '@/composables/useErrorText'
import { useToasts } from '@/composables/useToasts'
import type { Which } from '@/domain/commands'

/** So many ids the server takes and gives at once. */
const MOST_IDS = 10_000
/** Firing more than these asks first. */
const MANY_RUNS = 20

const DONE = { pause: 'paused', resume: 'resumed', run: 'ran', delete: 'deleted' } as const
const OPPOSITE = { pause: 'resume', resume: 'pause' } as const

/** Whether an action is asked about first: what cannot be taken back by one click. */
export function needsQuestion(action: BulkAction, count: number): boolean {
  if (action === 'delete') return true
  return count > (action === 'run' ? MANY_RUNS : MOST_IDS)
}

/** The same done to many jobs: one request, one note, one way back. */
export function useBulk() {
  const { t, n } = useI18n()
  const errorText = useErrorText()
  const toasts = useToasts()
  const busy = ref(false)

  function send(action: BulkAction, which: Which, more: { dry_run?: boolean; sample?: number }) {
    return data(
      api.POST('/api/v1/jobs:bulk', { body: { action, ...which, ...more }, fetch: patient }),
    )
  }

  /** How many jobs it would change; undefined when that cannot be told. */
  async function count(action: BulkAction, which: Which): Promise<number | undefined> {
    if ('job_ids' in which) return which.job_ids.length
    return attempt(async () => (await send(action, which, { dry_run: true })).changed)
  }

  async function apply(action: BulkAction, which: Which): Promise<boolean> {
    const sample = action in OPPOSITE ? MOST_IDS : 0
    const done = await attempt(() => send(action, which, { sample }))
    if (!done) return false
    const note = [t(`bulk.${DONE[action]}`, { n: n(done.changed) }, done.changed), ...rest(done)]
    toasts.show(done.failed.count > 0 ? 'error' : 'ok', note.join(' · '), undoOf(done))
    return true
  }

  async function attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    busy.value = true
    try {
      return await call()
    } catch (error) {
      toasts.show('error', errorText(error))
      return undefined
    } finally {
      busy.value = false
    }
  }

  /** What did not go as wished. */
  function rest({ unchanged, failed, not_found, complete }: BulkResult): string[] {
    return [
      ...(unchanged > 0 ? [t('bulk.unchanged', { n: n(unchanged) })] : []),
      ...(failed.count > 0 ? [t('bulk.failed', { n: n(failed.count) })] : []),
      ...(not_found.count > 0 ? [t('bulk.notFound', { n: n(not_found.count) })] : []),
      ...(complete ? [] : [t('bulk.incomplete')]),
    ]
  }

  /** Only those that were changed are changed back. */
  function undoOf({ action, changed, sample }: BulkResult) {
    if (changed === 0 || changed !== sample.length) return undefined
    const back = OPPOSITE[action as keyof typeof OPPOSITE]
    return { label: t('common.undo'), run: () => void undo(back, sample) }
  }

  async function undo(action: BulkAction, job_ids: string[]): Promise<void> {
    const done = await attempt(() => send(action, { job_ids }, { sample: 0 }))
    if (done) toasts.show('ok', t('bulk.undone', { n: n(done.changed) }, done.changed))
  }

  return { busy, count, apply }
}
