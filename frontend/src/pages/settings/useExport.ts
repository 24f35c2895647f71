import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, reactive, ref, watch } from 'vue'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import { useLive } from '@/live/useLive'
import { exportQuery, type ExportFilter } from './exportFilter'

const TYPING_MS = 250
const AFTER_JOBS_MS = 1_000

/** Which jobs are to be exported, and how many those are. */
export function useExport() {
  const filter = reactive<ExportFilter>({ state: '', type: '', tag: '', text: '' })
  const query = computed(() => exportQuery(filter))
  const asked = ref(query.value)
  const page = useQuery({
    queryKey: computed(() => keys.found({ ...asked.value, limit: 1 })),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/jobs', { params: { query: { ...asked.value, limit: 1 } }, signal })),
    placeholderData: keepPreviousData,
  })

  let typing: ReturnType<typeof setTimeout> | undefined
  let changed: ReturnType<typeof setTimeout> | undefined
  watch(query, (next) => {
    clearTimeout(typing)
    typing = setTimeout(() => (asked.value = next), TYPING_MS)
  })
  useLive({
    job: () => {
      changed ??= setTimeout(() => {
        changed = undefined
        void page.refetch()
      }, AFTER_JOBS_MS)
    },
  })
  onScopeDispose(() => {
    clearTimeout(typing)
    clearTimeout(changed)
  })

  return { filter, query, total: computed(() => page.data.value?.total) }
}
