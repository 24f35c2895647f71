/** Texts that come with the pages that show them. */
export const parts = {
  overview: { en: () => import('./en/overview'), 'zh-CN': () => import('./zh/overview') },
  job: { en: () => import('./en/job'), 'zh-CN': () => import('./zh/job') },
  editor: { en: () => import('./en/editor'), 'zh-CN': () => import('./zh/editor') },
  runs: { en: () => import('./en/runs'), 'zh-CN': () => import('./zh/runs') },
  settings: { en: () => import('./en/settings'), 'zh-CN': () => import('./zh/settings') },
  start: { en: () => import('./en/start'), 'zh-CN': () => import('./zh/start') },
}

export type Part = keyof typeof parts
type Texts<P extends Part> = Awaited<ReturnType<(typeof parts)[P]['en']>>

export type PartMessages = Texts<'overview'> &
  Texts<'job'> &
  Texts<'editor'> &
  Texts<'runs'> &
  Texts<'settings'> &
  Texts<'start'>
