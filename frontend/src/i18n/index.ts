import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import { en } from './en'
import { zhCN } from './zh-CN'
import { readSetting, writeSetting } from '@/composables/settings'

/** Both catalogues have the keys of the English one. */
export type Messages = typeof en

export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

export const messages = { en, 'zh-CN': zhCN } satisfies Record<Locale, Messages>

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: readSetting('locale', LOCALES) ?? preferredLocale(navigator.languages),
  fallbackLocale: 'en',
  messages,
})

export function preferredLocale(languages: readonly string[]): Locale {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export function setLocale(locale: Locale): void {
  i18n.global.locale.value = locale
  writeSetting('locale', locale)
}

/** Keeps the document's language and title in step with the chosen locale. */
export function followLocale(): void {
  watchEffect(() => {
    document.documentElement.lang = i18n.global.locale.value
    document.title = i18n.global.t('app.title')
  })
}
