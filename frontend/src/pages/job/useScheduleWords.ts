import { computed, ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Job } from '@/api/types'
import { cronLine } from '@/domain/schedule'
import { FEW_FIRES, useUpcoming } from './useUpcoming'

/** The schedule in the server's words, which know every rule, and as it is written. */
export function useScheduleWords(job: Ref<Job>) {
  const { t, locale } = useI18n()
  const upcoming = useUpcoming(job, ref(FEW_FIRES))

  const words = computed(() => {
    const text = upcoming.data.value?.text
    if (text) return text[locale.value === 'en' ? 'en' : 'zh']
    return t(`type.${job.value.trigger.type}`)
  })
  const written = computed(() => {
    const { trigger } = job.value
    if (trigger.type === 'cron') return cronLine(trigger)
    return trigger.type === 'date' ? trigger.at : ''
  })

  return { words, written }
}
