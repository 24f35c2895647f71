export const common = {
  close: 'Close',
  cancel: 'Cancel',
  retry: 'Try again',
  undo: 'Undo',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying is not allowed here',
  copyCurl: 'Copy as curl',
  loading: 'Loading',
  more: 'More',
  none: 'None',
  loadFailed: 'This could not be loaded',
}

export const error = {
  network: 'The server cannot be reached.',
  timeout: 'The server did not answer in time.',
  malformed: 'The answer could not be understood ({status}).',
}

export const health = { running: 'Running', failing: 'Failing', paused: 'Paused' }

export const type = { cron: 'Cron', interval: 'Interval', date: 'Date' }

export const runState = {
  claimed: 'About to be sent',
  firing: 'Under way',
  succeeded: 'Succeeded',
  failed: 'Failed',
  unknown: 'Outcome unknown',
  skipped: 'Skipped',
  missed: 'Missed',
  coalesced: 'Merged into another',
}

export const kind = { scheduled: 'Scheduled', manual: 'Manual' }

export const time = {
  days: '{n} d {clock}',
  due: 'due now',
  browser: 'Browser',
  job: 'Job’s own',
  utc: 'UTC',
}

export const schedule = {
  everySecond: 'Every second',
  everyMinute: 'Every minute',
  everyMinutes: 'Every {n} minutes',
  everyHour: 'Every hour at :{minute}',
  everyHours: 'Every {n} hours at :{minute}',
  daily: 'Daily at {time}',
  weekly: '{days} at {time}',
  monthly: 'Monthly on day {day} at {time}',
  cron: 'By cron rule',
  every: 'Every {parts}',
  once: 'Once',
  each: {
    weeks: 'Every week',
    days: 'Every day',
    hours: 'Every hour',
    minutes: 'Every minute',
    seconds: 'Every second',
  },
  unit: {
    weeks: '{n} week | {n} weeks',
    days: '{n} day | {n} days',
    hours: '{n} hour | {n} hours',
    minutes: '{n} minute | {n} minutes',
    seconds: '{n} second | {n} seconds',
  },
  weekday: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' },
}

export const heartbeat = {
  label: 'Last {n} runs: {ok} succeeded, {failed} failed, {other} other',
  empty: 'No runs yet',
}
