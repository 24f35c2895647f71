import { useI18n } from 'vue-i18n'
import { useToasts } from './useToasts'

/** Copies a text and says whether it could. Pages served by plain http have no clipboard API. */
export function useCopy(): (text: string) => Promise<boolean> {
  const { t } = useI18n()
  const toasts = useToasts()
  return async (text) => {
    const copied = await write(text)
    if (!copied) toasts.show('error', t('common.copyFailed'))
    return copied
  }
}

async function write(text: string): Promise<boolean> {
  if (!('clipboard' in navigator)) return writeSelected(text)
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => writeSelected(text),
  )
}

/** The old way, which needs no secure context. */
function writeSelected(text: string): boolean {
  const focused = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.setAttribute('aria-hidden', 'true')
  area.style.position = 'fixed'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
