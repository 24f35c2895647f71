import { watchEffect } from 'vue'
import { createI18n } from 'vue-i18n'
import { readSetting, writeSetting } from '@/composables/settings'
import type en from './en'
import { parts, type Part, type PartMessages } from './parts'

/** Both catalogues have the keys of the English one. */
export type Messages = typeof en & PartMessages

export const LOCALES = ['en', 'zh-CN'] as const
export type Locale = (typeof LOCALES)[number]

const catalogues: Record<Locale, () => Promise<{ default: typeof en }>> = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh'),
}

export const i18n = createI18n<[Messages], Locale, false>({
  legacy: false,
  locale: readSetting('locale', LOCALES) ?? preferredLocale(navigator.languages),
  fallbackLocale: false as unknown as Locale,
  messages: {} as Record<Locale, Messages>,
})

export function preferredLocale(languages: readonly string[]): Locale {
  return languages[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** The parts that pages have asked for so far. */
const asked = new Set<Part>()

/** Loads the texts of a language and shows the page in it. */
export async function showLocale(locale: Locale): Promise<void> {
  const [catalogue] = await Promise.all([catalogues[locale](), addTexts(locale, [...asked])])
  i18n.global.mergeLocaleMessage(locale, catalogue.default)
  i18n.global.locale.value = locale
}

/** A lazy component together with the texts it shows: `withTexts(() => import(…), 'job')`. */
export function withTexts<C>(load: () => Promise<C>, ...names: Part[]): () => Promise<C> {
  return async () => {
    names.forEach((name) => asked.add(name))
    const [component] = await Promise.all([load(), addTexts(i18n.global.locale.value, names)])
    return component
  }
}

async function addTexts(locale: Locale, names: readonly Part[]): Promise<void> {
  const loaded = await Promise.all(names.map((name) => parts[name][locale]()))
  loaded.forEach((texts) => i18n.global.mergeLocaleMessage(locale, { ...texts }))
}

export async function setLocale(locale: Locale): Promise<void> {
  writeSetting('locale', locale)
  await showLocale(locale)
}

/** Keeps the document's language in step; the title is the frame's. */
export function followLocale(): void {
  watchEffect(() => {
    document.documentElement.lang = i18n.global.locale.value
  })
}
