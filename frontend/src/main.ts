import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { queryClient } from './api/queryClient'
import { followTheme } from './composables/useTheme'
import { followLocale, i18n, showLocale } from './i18n'
import { patchCaches } from './live/caches'
import { startLive } from './live/live'
import { router } from './router'
import './styles/tokens.css'
import './styles/base.css'
import './styles/floating.css'

followTheme()
await showLocale(i18n.global.locale.value)
followLocale()
patchCaches()
startLive()
createApp(App).use(router).use(i18n).use(VueQueryPlugin, { queryClient }).mount('#app')
