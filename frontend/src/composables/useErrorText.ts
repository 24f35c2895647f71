import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/error'

/** Words for what a call threw: the server's own where it answered. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useI18n()
  return (error) => {
    if (!(error instanceof ApiError)) return String(error)
    if (error.kind === 'problem') return error.message
    return t(`error.${error.kind}`, { status: error.message })
  }
}
