import { onScopeDispose, watch } from 'vue'
import { liveStatus, reset } from './live'

const PERIOD_MS = 10_000

/** While live events are lost, what is shown is loaded anew every ten seconds. */
export function usePolling(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  watch(liveStatus, (status) => {
    clearInterval(timer)
    if (status === 'lost') timer = setInterval(resetWhenSeen, PERIOD_MS)
  })
  onScopeDispose(() => {
    clearInterval(timer)
  })
}

function resetWhenSeen(): void {
  if (!document.hidden) reset()
}
