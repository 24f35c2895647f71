import { onScopeDispose, watch, type Ref } from 'vue'

const PERIOD_MS = 5_000

/**
 * Calls `refresh` some seconds after the last call ended, while the tab is
 * visible and `paused` is false; at once when the tab is shown again.
 */
export function useAutoRefresh(refresh: () => Promise<void>, paused: Ref<boolean>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let disposed = false

  function schedule(): void {
    clearTimeout(timer)
    if (!disposed && !paused.value && !document.hidden) timer = setTimeout(run, PERIOD_MS)
  }

  async function run(): Promise<void> {
    await refresh()
    schedule()
  }

  function onVisibility(): void {
    clearTimeout(timer)
    if (!document.hidden && !paused.value) void run()
  }

  watch(paused, schedule)
  document.addEventListener('visibilitychange', onVisibility)
  schedule()

  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', onVisibility)
  })
}
