import { onScopeDispose, type Ref } from 'vue'
import { useLive } from '@/live/useLive'

/**
 * Loads again what events may have changed, at most once in `ms` however many there are;
 * not while `held` is true, as under a pointer, but right after.
 */
export function useRefreshed(load: () => unknown, ms: number, held?: Ref<boolean>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let wanted = false

  function run(): void {
    timer = undefined
    if (!wanted) return
    timer = setTimeout(run, ms)
    if (held?.value) return
    wanted = false
    void load()
  }

  function ask(): void {
    wanted = true
    timer ??= setTimeout(run, FIRST_MS)
  }

  useLive({ job: ask, run: ask, reset: ask })
  onScopeDispose(() => clearTimeout(timer))
}

/** Events come in crowds: the sums are asked for when the first ones are in. */
const FIRST_MS = 150
