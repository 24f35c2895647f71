import type * as en from '../en/frame'

export const app: typeof en.app = {
  name: 'schedule-server',
  skip: '跳到主要内容',
  notifications: '通知',
  navigation: '主导航',
  apiDocs: 'API 文档',
  otherLanguage: 'English',
  switchLanguage: '切换到英文',
  newJob: '新建任务',
  notFound: '没有这个页面',
  notFoundText: '地址可能有误，或页面已移动。',
  toJobs: '前往任务列表',
}

export const nav: typeof en.nav = {
  overview: '总览',
  jobs: '任务',
  runs: '运行记录',
  settings: '设置',
}

export const title: typeof en.title = {
  overview: '总览',
  jobs: '任务',
  job: '任务 {id}',
  newJob: '新建任务',
  editJob: '编辑 {id}',
  runs: '运行记录',
  settings: '设置',
  notFound: '未找到',
}

export const display: typeof en.display = {
  label: '显示',
  theme: '主题',
  themes: { system: '跟随系统', light: '浅色', dark: '深色' },
  density: '密度',
  densities: { normal: '舒适', compact: '紧凑' },
  zone: '时间显示为',
  zones: { browser: '浏览器：{zone}', job: '任务自身时区', utc: 'UTC' },
}

export const live: typeof en.live = {
  live: '实时',
  connecting: '正在连接',
  lost: '离线',
  clock: '调度器时钟',
  banner: '与服务器的连接已断开。当前显示最后已知的数据，正在自动重试。',
}

export const search: typeof en.search = {
  results: '搜索结果',
  open: '搜索任务',
  label: '搜索任务和页面',
  placeholder: '任务 ID 或 URL 的一部分…',
  jobs: '任务',
  pages: '前往',
  all: '显示所有匹配“{text}”的任务',
  none: '没有任务匹配“{text}”',
}

export const shortcuts: typeof en.shortcuts = {
  title: '键盘快捷键',
  text: '输入文字时不起作用。',
  enabled: '单键快捷键',
  anywhere: '任意位置',
  inLists: '在列表中',
  search: '搜索',
  overview: '前往总览',
  jobs: '前往任务',
  runs: '前往运行记录',
  settings: '前往设置',
  newJob: '新建任务',
  help: '显示此帮助',
  move: '下一行、上一行',
  open: '打开',
  select: '选择',
  run: '立即执行',
  pause: '暂停或恢复',
}
