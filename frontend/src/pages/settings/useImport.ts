import { computed, ref, watch } from 'vue'
import { ApiError } from '@/api/error'
import { importJobs } from '@/api/importJobs'
import type { ImportResult } from '@/api/types'
import { badLines, changes, type BadLine, type Existing } from '@/domain/importFile'

interface Chosen {
  name: string
  size: number
  lines: string
}

/** A file of jobs: judged as soon as it is chosen, imported when that is wanted. */
export function useImport() {
  const file = ref<Chosen>()
  const existing = ref<Existing>('refuse')
  const busy = ref<'judging' | 'importing'>()
  const result = ref<ImportResult>()
  /** Lines that are wrong, of a file that is refused. */
  const refused = ref<BadLine[]>([])
  /** Why there is no outcome otherwise. */
  const error = ref<unknown>()
  /** An import, not only a judgement, got no answer: some of it may be done. */
  const brokeOff = ref(false)
  let calls = 0

  async function send(dryRun: boolean): Promise<void> {
    const { value: chosen } = file
    if (!chosen) return
    calls += 1
    const call = calls
    busy.value = dryRun ? 'judging' : 'importing'
    const outcome = await importJobs(chosen.lines, {
      dry_run: dryRun,
      existing: existing.value,
    }).catch((thrown: unknown) => thrown)
    // Another file, or another choice, has been made meanwhile.
    if (call !== calls) return
    busy.value = undefined
    brokeOff.value = !dryRun && isOnTheWay(outcome)
    show(outcome, chosen.lines)
  }

  function show(outcome: unknown, lines: string): void {
    const faults = outcome instanceof ApiError ? outcome.faults : []
    result.value = outcome instanceof Error ? undefined : (outcome as ImportResult)
    refused.value = badLines(faults, lines)
    error.value = outcome instanceof Error && faults.length === 0 ? outcome : undefined
  }

  async function choose(next: File): Promise<void> {
    calls += 1
    result.value = undefined
    refused.value = []
    error.value = undefined
    try {
      file.value = { name: next.name, size: next.size, lines: await next.text() }
    } catch (thrown) {
      busy.value = undefined
      file.value = undefined
      error.value = thrown
      return
    }
    await send(true)
  }

  watch(existing, () => {
    if (busy.value !== 'importing') void send(true)
  })

  return {
    file,
    existing,
    busy,
    result,
    refused,
    error,
    brokeOff,
    /** So many jobs the file would change, as it was last judged. */
    toImport: computed(() => (result.value?.dry_run ? changes(result.value) : 0)),
    choose,
    run: () => send(false),
  }
}

function isOnTheWay(outcome: unknown): boolean {
  return outcome instanceof ApiError && ['network', 'timeout'].includes(outcome.kind)
}
