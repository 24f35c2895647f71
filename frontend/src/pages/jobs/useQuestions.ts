import { computed, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { BulkAction, Job } from '@/api/types'
import { bulkCommand, deleteCommand, type Which } from '@/domain/commands'
import { needsQuestion, type useBulk } from './useBulk'

type Question =
  | { kind: 'job'; job: Job }
  | { kind: 'bulk'; action: BulkAction; which: Which; count: number | undefined }

interface Answers {
  deleteJob(job: Job): Promise<unknown>
  bulk: ReturnType<typeof useBulk>
  /** A bulk action was carried out. */
  done(): void
}

/** What is asked before something that one click cannot take back. */
export function useQuestions({ deleteJob, bulk, done }: Answers) {
  const { t, n } = useI18n()
  const question = shallowRef<Question | null>(null)
  const open = ref(false)

  function ask(next: Question): void {
    question.value = next
    open.value = true
  }

  async function act(action: BulkAction, which: Which): Promise<void> {
    const count = await bulk.count(action, which)
    if (count === undefined) return
    if (needsQuestion(action, count)) ask({ kind: 'bulk', action, which, count })
    else await carryOut(action, which)
  }

  async function carryOut(action: BulkAction, which: Which): Promise<void> {
    if (await bulk.apply(action, which)) done()
  }

  async function confirm(): Promise<void> {
    open.value = false
    const asked = question.value
    if (asked?.kind === 'job') await deleteJob(asked.job)
    else if (asked) await carryOut(asked.action, asked.which)
  }

  const words = computed(() => {
    const asked = question.value
    if (asked?.kind !== 'bulk') {
      return {
        title: t('jobAction.deleteTitle', { id: asked?.job.job_id }),
        text: t('jobAction.deleteText'),
        confirm: t('jobAction.deleteConfirm'),
        command: asked ? deleteCommand(asked.job.job_id) : '',
      }
    }
    const { action, which, count = 0 } = asked
    return {
      title: t(`bulk.question.${action}`, { n: n(count) }, count),
      text: t(`bulk.questionText.${action}`),
      confirm: t(`bulk.confirm.${action}`),
      command: bulkCommand(action, which),
    }
  })

  /** Something has been asked since the page was opened. */
  const asked = computed(() => question.value !== null)

  return { open, asked, words, act, confirm, askDelete: (job: Job) => ask({ kind: 'job', job }) }
}
