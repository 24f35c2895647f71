import { ref, watchEffect } from 'vue'
import { readSetting, writeSetting } from './settings'

export const THEMES = ['system', 'light', 'dark'] as const
export const DENSITIES = ['normal', 'compact'] as const
export type Theme = (typeof THEMES)[number]
export type Density = (typeof DENSITIES)[number]

const theme = ref<Theme>(readSetting('theme', THEMES) ?? 'system')
const density = ref<Density>(readSetting('density', DENSITIES) ?? 'normal')

/** Puts theme and density on the document, where the style sheet reads them, and keeps them. */
export function followTheme(): void {
  watchEffect(() => {
    document.documentElement.dataset.theme = theme.value
    writeSetting('theme', theme.value)
  })
  watchEffect(() => {
    document.documentElement.dataset.density = density.value
    writeSetting('density', density.value)
  })
}

export function useTheme() {
  return { theme, density }
}
