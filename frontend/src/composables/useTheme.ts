import { readonly, ref, watchEffect } from 'vue'
import { readSetting, writeSetting } from './settings'

const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const theme = ref<Theme>(readSetting('theme', THEMES) ?? 'system')

/** Puts the theme on the document; styles/tokens.css reads it. */
export function followTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value
  })
}

export function useTheme() {
  function next(): void {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system'
    writeSetting('theme', theme.value)
  }
  return { theme: readonly(theme), next }
}
