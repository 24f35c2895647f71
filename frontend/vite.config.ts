import { fileURLToPath, URL } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { precompress } from './scripts/precompress'

const server = process.env.SCHEDULE_SERVER_URL ?? 'http://127.0.0.1:8000'
const proxied = ['/scheduler', '/api', '/docs', '/openapi.json', '/healthz', '/readyz', '/metrics']

export default defineConfig({
  // Relative asset addresses: the built page works under any sub-path.
  base: './',
  plugins: [vue({ features: { optionsAPI: false } }), precompress()],
  define: {
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: Object.fromEntries(proxied.map((path) => [path, server])) },
  build: {
    // The first versions with light-dark(), which the style sheet is built on.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Inlined assets would be data: addresses, which a strict CSP refuses.
    assetsInlineLimit: 0,
    // What each page begins with is one file: many small ones compress worse.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'base', tags: ['$initial'] }] } },
    },
  },
})
