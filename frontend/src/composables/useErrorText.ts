import { useI18n } from 'vue-i18n'
import type { ApiError } from '@/api/types'

/** Words for an error of the API, in the user's language. */
export function useErrorText(): (error: ApiError) => string {
  const { t } = useI18n()
  return (error) => {
    switch (error.kind) {
      case 'status':
        return t('error.status', { status: error.status })
      case 'refused':
        return t('error.refused', { message: error.message, code: error.code })
      case 'invalid':
        return t('error.invalid', {
          message: error.issues.map((issue) => `${issue.field}: ${issue.message}`).join('; '),
        })
      default:
        return t(`error.${error.kind}`)
    }
  }
}
