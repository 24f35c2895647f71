import { computed, ref, type Ref } from 'vue'
import type { RecentRun } from '@/api/types'

const STEPS: Record<string, (index: number, last: number) => number> = {
  ArrowLeft: (index) => index - 1,
  ArrowDown: (index) => index - 1,
  ArrowRight: (index) => index + 1,
  ArrowUp: (index) => index + 1,
  PageDown: (index) => index - 10,
  PageUp: (index) => index + 10,
  Home: () => 0,
  End: (_, last) => last,
}

/** Which of the runs is pointed at. It stays with its run when newer ones come in. */
export function useRunCursor(runs: Ref<readonly RecentRun[]>) {
  const runId = ref<number | null>(null)
  const place = computed(() => runs.value.findIndex(({ run_id }) => run_id === runId.value))
  const index = computed(() => (place.value < 0 ? null : place.value))
  const run = computed(() => runs.value[place.value])

  function set(next: number | null): void {
    runId.value = next === null ? null : (runs.value[next]?.run_id ?? null)
  }

  function enter(event: FocusEvent): void {
    const byKeys = (event.target as Element).matches(':focus-visible')
    if (byKeys && runId.value === null) set(runs.value.length - 1)
  }

  function leave(event: PointerEvent): void {
    if (event.pointerType === 'mouse') set(null)
  }

  function key(event: KeyboardEvent): void {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    const last = runs.value.length - 1
    set(Math.min(last, Math.max(0, step(index.value ?? last, last))))
  }

  return { index, run, set, enter, leave, key }
}
