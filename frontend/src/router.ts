import { createRouter, createWebHistory } from 'vue-router'
import { basePath } from './api/base'
import JobsPage from './pages/JobsPage.vue'

export const router = createRouter({
  history: createWebHistory(basePath),
  routes: [
    { path: '/', name: 'jobs', component: JobsPage },
    { path: '/:unknown(.*)*', redirect: { name: 'jobs' } },
  ],
})
