/** The fields of the form that show their faults themselves, by their path in a definition. */
export const FIELDS = [
  'job_id',
  'description',
  'tags',
  'trigger.weeks',
  'trigger.days',
  'trigger.hours',
  'trigger.minutes',
  'trigger.seconds',
  'trigger.cron',
  'trigger.second',
  'trigger.minute',
  'trigger.hour',
  'trigger.day',
  'trigger.month',
  'trigger.day_of_week',
  'trigger.week',
  'trigger.year',
  'trigger.timezone',
  'trigger.at',
  'trigger.start',
  'trigger.end',
  'trigger.jitter_ms',
  'trigger.dst',
  'trigger',
  'request.method',
  'request.url',
  'request.headers',
  'request.query',
  'request.body',
  'request.timeout_ms',
  'request.redirects',
  'request.success',
  'request.tls',
  'request.capture_bytes',
  'retry.attempts',
  'retry.delay',
  'retry.on',
  'retry.deadline_ms',
  'retry',
  'policies.misfire_grace',
  'policies.catch_up',
  'policies.overlap',
  'policies.delivery',
  'policies.pause_until',
  'policies.pause_after_failures',
  'policies.priority',
] as const
export type Field = (typeof FIELDS)[number]

/** The field that shows a fault the server found at `path`; undefined: none does. */
export function fieldOf(path: string): Field | undefined {
  return FIELDS.filter((field) => path === field || /^[.[]/.test(restOf(path, field)))
    .sort((a, b) => b.length - a.length)
    .at(0)
}

function restOf(path: string, field: string): string {
  return path.startsWith(field) ? path.slice(field.length) : ''
}

/** What stands at a path in a definition. */
export function valueAt(definition: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (node, key) =>
        typeof node === 'object' && node !== null
          ? (node as Record<string, unknown>)[key]
          : undefined,
      definition,
    )
}

/** Where two definitions differ, by field of the form. */
export function differingFields(one: object, other: object): Field[] {
  const differs = (field: Field) =>
    JSON.stringify(valueAt(one, field)) !== JSON.stringify(valueAt(other, field))
  const whole = FIELDS.filter((field) => field.includes('.') && differs(field))
  const single = (['description', 'tags', 'retry'] as const).filter(differs)
  return [
    ...single,
    ...whole.filter((field) => !(field.startsWith('retry.') && single.includes('retry'))),
  ]
}
