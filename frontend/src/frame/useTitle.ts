import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute } from 'vue-router'

/** Keeps the document's title in step with page and language. */
export function useTitle(): void {
  const { t } = useI18n()
  const route = useRoute()
  watchEffect(() => {
    const { title } = route.meta
    document.title = title
      ? `${t(`title.${title}`, { id: route.params.id })} · ${t('app.name')}`
      : t('app.name')
  })
}
