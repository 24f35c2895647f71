import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** True once `source` has been true for `ms`: what is quick shows no skeleton. */
export function useDelayed(source: Readonly<Ref<boolean>>, ms: number): Readonly<Ref<boolean>> {
  const delayed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(
    source,
    (on) => {
      clearTimeout(timer)
      if (on) timer = setTimeout(() => (delayed.value = true), ms)
      else delayed.value = false
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return readonly(delayed)
}
