import { onScopeDispose, shallowRef, watch } from 'vue'
import { isTaken } from './jobs'

const DEBOUNCE_MS = 250

export type IdState = 'empty' | 'checking' | 'free' | 'taken' | 'unknown'

/** Whether an id is free, looked up while it is typed. */
export function useIdCheck(id: () => string) {
  const state = shallowRef<IdState>('empty')
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked: AbortController | undefined

  async function look(wanted: string): Promise<void> {
    const own = (asked = new AbortController())
    const taken = await isTaken(wanted, own.signal).catch(() => undefined)
    if (own === asked) state.value = taken === undefined ? 'unknown' : taken ? 'taken' : 'free'
  }

  function stop(): void {
    clearTimeout(timer)
    asked?.abort()
    asked = undefined
  }

  function check(): void {
    stop()
    const wanted = id()
    state.value = wanted ? 'checking' : 'empty'
    if (wanted) timer = setTimeout(() => void look(wanted), DEBOUNCE_MS)
  }

  watch(id, check, { immediate: true })
  onScopeDispose(stop)
  return { state, check }
}
