import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

const DEBOUNCE_MS = 300

/** The search text, kept as `?q=` in the address; `query` follows `text` after a pause. */
export function useSearchQuery() {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() => String(route.query.q ?? ''))
  const text = ref(query.value)
  let sent = query.value
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(text, (value) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (value === query.value) return
      sent = value
      void router.replace({ query: { ...route.query, q: value || undefined } })
    }, DEBOUNCE_MS)
  })

  // Back, forward and links change the address first. The echo of what was typed
  // must not touch the text: more may have been typed since.
  watch(query, (value) => {
    if (value !== sent) text.value = value
    sent = value
  })

  onScopeDispose(() => {
    clearTimeout(timer)
  })
  return { text, query }
}
