import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

/**
 * One part of the address as a ref: filters, sort, tab, open drawer. An empty
 * value leaves the address. `push` makes a step that Back undoes; typing replaces.
 */
export function useQueryParam(
  name: string,
  fallback = '',
  how: 'push' | 'replace' = 'push',
): WritableComputedRef<string> {
  const { query, change } = useQueryParams()
  return computed({
    get: () => query.value[name] ?? fallback,
    set: (value) => {
      change({ [name]: value === fallback ? '' : value }, how)
    },
  })
}

/** All parts of the address, and a change of several of them in one step. */
export function useQueryParams() {
  const route = useRoute()
  const router = useRouter()
  const query = computed(() =>
    Object.fromEntries(
      Object.entries(route.query).flatMap(([key, value]) => {
        const text = Array.isArray(value) ? value[0] : value
        return text ? [[key, text] as const] : []
      }),
    ),
  )

  function change(parts: Record<string, string>, how: 'push' | 'replace' = 'push'): void {
    const next: LocationQueryRaw = { ...query.value }
    for (const [key, value] of Object.entries(parts)) next[key] = value || undefined
    void router[how]({ query: next, hash: route.hash })
  }

  return { query, change }
}
