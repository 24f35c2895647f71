import { computed, ref } from 'vue'

/** Which jobs a bulk action means: some by their ids, or all that match the filter. */
export function useSelection() {
  const ids = ref(new Set<string>())
  const all = ref(false)
  let last: number | undefined

  function has(jobId: string): boolean {
    return all.value || ids.value.has(jobId)
  }

  /** With `range` the rows between the last one and this one get its state. */
  function toggle(
    jobId: string,
    index: number,
    range: boolean,
    idAt: (index: number) => string | undefined,
  ): void {
    const on = !ids.value.has(jobId)
    const from = range && last !== undefined ? Math.min(last, index) : index
    const to = range && last !== undefined ? Math.max(last, index) : index
    for (let at = from; at <= to; at += 1) {
      const id = at === index ? jobId : idAt(at)
      if (id === undefined) continue
      if (on) ids.value.add(id)
      else ids.value.delete(id)
    }
    last = index
  }

  function selectAll(): void {
    all.value = true
    ids.value.clear()
  }

  function clear(): void {
    all.value = false
    ids.value.clear()
    last = undefined
  }

  return {
    ids,
    all,
    has,
    toggle,
    selectAll,
    clear,
    /** A job that is gone can not be meant any more. */
    forget: (jobId: string) => ids.value.delete(jobId),
    any: computed(() => all.value || ids.value.size > 0),
  }
}

export type Selection = ReturnType<typeof useSelection>
