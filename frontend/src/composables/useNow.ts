import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const now = ref(new Date())
let skewMs = 0
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/**
 * The scheduler's current time to the second: one ticker for all, stopped while
 * the tab is hidden.
 */
export function useNow(): Readonly<Ref<Date>> {
  users += 1
  if (users === 1) {
    document.addEventListener('visibilitychange', update)
    update()
  }
  onScopeDispose(() => {
    users -= 1
    if (users > 0) return
    document.removeEventListener('visibilitychange', update)
    clearInterval(timer)
  })
  return readonly(now) as Readonly<Ref<Date>>
}

/** Told by the server: its clock is what fires jobs, not the browser's. */
export function setServerTime(at: Date): void {
  skewMs = at.getTime() - Date.now()
  tick()
}

/** How far the server's clock is ahead of the browser's. */
export function clockSkewMs(): number {
  return skewMs
}

function update(): void {
  clearInterval(timer)
  if (document.hidden) return
  tick()
  timer = setInterval(tick, 1000)
}

function tick(): void {
  now.value = new Date(Date.now() + skewMs)
}
