export const app = {
  name: 'schedule-server',
  skip: 'Skip to the content',
  notifications: 'Notifications',
  navigation: 'Main',
  apiDocs: 'API reference',
  otherLanguage: '中文',
  switchLanguage: 'Switch to Chinese',
  newJob: 'New job',
  notFound: 'There is no such page',
  notFoundText: 'The address may be mistyped, or the page has moved.',
  toJobs: 'Go to the jobs',
}

export const nav = {
  overview: 'Overview',
  jobs: 'Jobs',
  runs: 'Runs',
  settings: 'Settings',
}

export const title = {
  overview: 'Overview',
  jobs: 'Jobs',
  job: 'Job {id}',
  newJob: 'New job',
  editJob: 'Edit {id}',
  runs: 'Runs',
  settings: 'Settings',
  notFound: 'Not found',
}

export const display = {
  label: 'Display',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  density: 'Density',
  densities: { normal: 'Comfortable', compact: 'Compact' },
  zone: 'Show times in',
  zones: { browser: 'Browser: {zone}', job: 'The job’s own zone', utc: 'UTC' },
}

export const live = {
  live: 'Live',
  connecting: 'Connecting',
  lost: 'Offline',
  clock: 'The scheduler’s clock',
  banner: 'No connection to the server. Shown is what was last known; trying again by itself.',
}

export const search = {
  results: 'Found',
  open: 'Search jobs',
  label: 'Search jobs and pages',
  placeholder: 'Part of a job ID or URL…',
  jobs: 'Jobs',
  pages: 'Go to',
  all: 'Show all jobs that match “{text}”',
  none: 'No job matches “{text}”',
}

export const shortcuts = {
  title: 'Keyboard shortcuts',
  text: 'They do nothing while you type.',
  enabled: 'Single-key shortcuts',
  anywhere: 'Anywhere',
  inLists: 'In lists',
  search: 'Search',
  overview: 'Go to the overview',
  jobs: 'Go to the jobs',
  runs: 'Go to the runs',
  settings: 'Go to the settings',
  newJob: 'New job',
  help: 'This help',
  move: 'Next, previous row',
  open: 'Open',
  select: 'Select',
  run: 'Run now',
  pause: 'Pause or resume',
}
