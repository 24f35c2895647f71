import type * as en from '../en/start'

export const start: typeof en.start = {
  title: '还没有任务',
  text: '任务会在指定时间、按固定间隔或按 Cron 规则请求一个 URL。可以这样开始：',
  form: '填写表单',
  formText: '选择执行时间和请求内容，输入时即可看到接下来的执行时间。',
  command: '发送命令',
  commandText: '服务可以在每次启动时发送：内容相同的任务不会被重复更改。',
  copyCommand: '复制命令',
  file: '导入文件',
  fileText: '由其他服务器导出的 JSON Lines 文件。只要有一行有误，就不会导入任何任务。',
  choose: '选择文件',
  imported: '已导入 {n} 个任务 | 已导入 {n} 个任务',
  line: '第 {line} 行：{text}',
  moreFaults: '还有 {n} 处',
  demo: '只想先看看效果？',
  demoText: '示例任务每 10 秒请求一次本服务器的回显接口，可随时删除。',
  tryIt: '试一试',
  sample: '请求本服务器的回显接口，用于了解运行方式',
}
