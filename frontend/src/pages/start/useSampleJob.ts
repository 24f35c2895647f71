import { useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { serverUrl } from '@/api/base'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import type { JobDefinition } from '@/api/types'
import { useErrorText } from '@/composables/useErrorText'
import { useToasts } from '@/composables/useToasts'
import { curl, jobPath, NEW_LINE } from '@/domain/curl'

const ID = 'hello'
/** What a first command calls where the echo of the server is off. */
const ELSEWHERE = 'https://example.com/'

/** A first job: as a command to send, or made at a click. */
export function useSampleJob() {
  const { t } = useI18n()
  const router = useRouter()
  const toasts = useToasts()
  const errorText = useErrorText()
  const busy = ref(false)

  const system = useQuery({
    queryKey: keys.system(),
    queryFn: ({ signal }) => data(api.GET('/api/v1/system', { signal })),
  })
  /** Whether this server answers its own jobs; not before that is known. */
  const offered = computed(
    () => system.data.value?.settings.some((s) => s.name === 'ECHO' && s.value === 'on') ?? false,
  )
  const url = computed(() => (offered.value ? serverUrl('api/v1/echo') : ELSEWHERE))
  const command = computed(() =>
    curl(
      'PUT',
      jobPath(ID),
      { trigger: { type: 'interval', minutes: 1 }, request: { url: url.value } },
      NEW_LINE,
    ),
  )

  async function create(): Promise<void> {
    const body: JobDefinition = {
      description: t('start.sample'),
      trigger: { type: 'interval', seconds: 10 },
      request: { url: url.value },
    }
    busy.value = true
    try {
      await data(api.PUT('/api/v1/jobs/{job_id}', { params: { path: { job_id: ID } }, body }))
      await router.push({ name: 'job', params: { id: ID } })
    } catch (error) {
      toasts.show('error', errorText(error))
    } finally {
      busy.value = false
    }
  }

  return { offered, command, busy, create }
}
