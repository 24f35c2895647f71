import { createRouter, createWebHistory } from 'vue-router'
import { basePath } from './api/base'
import { withTexts } from './i18n'
import { liveStatus } from './live/live'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key under `title` in the catalogues; `{id}` is the job's. */
    title: 'overview' | 'jobs' | 'job' | 'newJob' | 'editJob' | 'runs' | 'settings' | 'notFound'
    /** Which entry of the navigation it belongs to. */
    nav?: 'overview' | 'jobs' | 'runs' | 'settings'
  }
}

export const router = createRouter({
  history: createWebHistory(basePath),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  routes: [
    {
      path: '/',
      name: 'overview',
      component: withTexts(() => import('./pages/overview/OverviewPage.vue'), 'overview', 'runs'),
      meta: { title: 'overview', nav: 'overview' },
    },
    {
      path: '/jobs',
      name: 'jobs',
      component: () => import('./pages/jobs/JobsPage.vue'),
      meta: { title: 'jobs', nav: 'jobs' },
    },
    {
      path: '/jobs/new',
      name: 'newJob',
      component: withTexts(() => import('./pages/editor/EditorPage.vue'), 'editor'),
      meta: { title: 'newJob', nav: 'jobs' },
    },
    {
      path: '/jobs/:id',
      name: 'job',
      component: withTexts(() => import('./pages/job/JobPage.vue'), 'job', 'runs'),
      props: true,
      meta: { title: 'job', nav: 'jobs' },
    },
    {
      path: '/jobs/:id/edit',
      name: 'editJob',
      component: withTexts(() => import('./pages/editor/EditorPage.vue'), 'editor'),
      props: true,
      meta: { title: 'editJob', nav: 'jobs' },
    },
    {
      path: '/runs',
      name: 'runs',
      component: withTexts(() => import('./pages/runs/RunsPage.vue'), 'runs', 'job'),
      meta: { title: 'runs', nav: 'runs' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: withTexts(() => import('./pages/settings/SettingsPage.vue'), 'settings'),
      meta: { title: 'settings', nav: 'settings' },
    },
    {
      path: '/:unknown(.*)*',
      name: 'notFound',
      component: () => import('./pages/NotFoundPage.vue'),
      meta: { title: 'notFound' },
    },
  ],
})

// A server of another version has other files: the page has to be loaded anew.
router.onError((_, to, from) => {
  const moved = from.matched.length > 0
  if (moved && liveStatus.value === 'live') location.assign(router.resolve(to.fullPath).href)
})
