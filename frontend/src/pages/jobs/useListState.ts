import { computed } from 'vue'
import { useQueryParams } from '@/composables/useQueryParam'
import { filterOf, isFiltered, queryOf, readState, writeState, type ListState } from './filters'

/** The list's filters and order, which live in the address. */
export function useListState() {
  const { query, change } = useQueryParams()
  const state = computed(() => readState(query.value))

  /** Typing replaces the address, a choice makes a step that Back undoes. */
  function set(parts: Partial<ListState>, how: 'push' | 'replace' = 'push'): void {
    change(writeState({ ...state.value, ...parts }), how)
  }

  // Compared as text: another address with the same meaning is no other query.
  const text = computed(() => JSON.stringify(queryOf(state.value)))

  return {
    state,
    set,
    clear: () => set({ text: '', state: '', type: '', tag: '' }),
    query: computed(() => JSON.parse(text.value) as ReturnType<typeof queryOf>),
    filter: computed(() => filterOf(state.value)),
    filtered: computed(() => isFiltered(state.value)),
  }
}
