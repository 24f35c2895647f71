import { onScopeDispose, shallowRef, watch } from 'vue'
import { api, data } from '@/api/client'
import type { Fault, Preview, PreviewRequest } from '@/api/types'

const DEBOUNCE_MS = 200

/** What the server says of a trigger, asked for 200 ms after its last change. */
export function usePreview(request: () => PreviewRequest | undefined) {
  const preview = shallowRef<Preview>()
  const faults = shallowRef<readonly Fault[]>([])
  /** What went wrong on the way; the server has nothing against the trigger. */
  const error = shallowRef<unknown>()
  const pending = shallowRef(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked: AbortController | undefined

  async function ask(body: PreviewRequest): Promise<void> {
    const own = (asked = new AbortController())
    try {
      // Half-written triggers are the rule here: what is wrong is an answer, no refusal.
      const query = { faults: 'tell' }
      const call = api.POST('/api/v1/schedules:preview', {
        params: { query },
        body,
        signal: own.signal,
      })
      const answer = await data(call)
      if (own !== asked) return
      faults.value = answer.faults ?? []
      preview.value = faults.value.length > 0 ? undefined : answer
      error.value = undefined
    } catch (thrown) {
      if (own !== asked) return
      preview.value = undefined
      faults.value = []
      error.value = thrown
    }
    pending.value = false
  }

  function stop(): void {
    clearTimeout(timer)
    asked?.abort()
    asked = undefined
  }

  function again(): void {
    stop()
    const body = request()
    faults.value = []
    pending.value = body !== undefined
    if (body) timer = setTimeout(() => void ask(body), DEBOUNCE_MS)
    else preview.value = undefined
  }

  watch(() => JSON.stringify(request()), again, { immediate: true })
  onScopeDispose(stop)
  return { preview, faults, error, pending, again }
}
