import { onScopeDispose, readonly, ref, type Ref } from 'vue'

const now = ref(new Date())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The current time to the second: one ticker for all, stopped while the tab is hidden. */
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

function update(): void {
  clearInterval(timer)
  if (document.hidden) return
  tick()
  timer = setInterval(tick, 1000)
}

function tick(): void {
  now.value = new Date()
}
