import type * as en from '../en/common'

export const common: typeof en.common = {
  close: '关闭',
  cancel: '取消',
  retry: '重试',
  undo: '撤销',
  copy: '复制',
  copied: '已复制',
  copyFailed: '此处不允许复制',
  copyCurl: '复制为 curl',
  loading: '正在加载',
  more: '更多',
  none: '无',
  loadFailed: '无法加载此内容',
}

export const error: typeof en.error = {
  network: '无法连接服务器。',
  timeout: '服务器没有及时响应。',
  malformed: '无法理解服务器的响应（{status}）。',
}

export const health: typeof en.health = { running: '运行中', failing: '失败中', paused: '已暂停' }

export const type: typeof en.type = { cron: 'Cron', interval: '间隔', date: '指定时间' }

export const runState: typeof en.runState = {
  claimed: '即将发送',
  firing: '进行中',
  succeeded: '成功',
  failed: '失败',
  unknown: '结果未知',
  skipped: '已跳过',
  missed: '已错过',
  coalesced: '已合并到另一次',
}

export const kind: typeof en.kind = { scheduled: '按计划', manual: '手动' }

export const time: typeof en.time = {
  days: '{n} 天 {clock}',
  due: '即将执行',
  browser: '浏览器',
  job: '任务自身',
  utc: 'UTC',
}

export const schedule: typeof en.schedule = {
  everySecond: '每秒',
  everyMinute: '每分钟',
  everyMinutes: '每 {n} 分钟',
  everyHour: '每小时的第 {minute} 分',
  everyHours: '每 {n} 小时的第 {minute} 分',
  daily: '每天 {time}',
  weekly: '{days} {time}',
  monthly: '每月 {day} 日 {time}',
  cron: '按 Cron 规则',
  every: '每隔 {parts}',
  once: '一次',
  each: { weeks: '每周', days: '每天', hours: '每小时', minutes: '每分钟', seconds: '每秒' },
  unit: {
    weeks: '{n} 周 | {n} 周',
    days: '{n} 天 | {n} 天',
    hours: '{n} 小时 | {n} 小时',
    minutes: '{n} 分钟 | {n} 分钟',
    seconds: '{n} 秒 | {n} 秒',
  },
  weekday: {
    mon: '周一',
    tue: '周二',
    wed: '周三',
    thu: '周四',
    fri: '周五',
    sat: '周六',
    sun: '周日',
  },
}

export const heartbeat: typeof en.heartbeat = {
  label: '最近 {n} 次：成功 {ok}，失败 {failed}，其他 {other}',
  empty: '尚未运行',
}
