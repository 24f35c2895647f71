import { createApp } from 'vue'
import App from './App.vue'
import { followTheme } from './composables/useTheme'
import { followLocale, i18n } from './i18n'
import { router } from './router'
import './styles/tokens.css'
import './styles/base.css'

followTheme()
followLocale()
createApp(App).use(router).use(i18n).mount('#app')
