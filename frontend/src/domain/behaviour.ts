import type { Job } from '@/api/types'
import { formatDuration } from './duration'

/** A sentence of the catalogue below `behaviour.<about>`, and what goes into it. */
export interface Behaviour {
  about: string
  key: string
  params: Record<string, string | number>
}

/** How a job behaves, one sentence for each policy; what is off by default stays unsaid. */
export function behaviours(job: Job): Behaviour[] {
  return [
    ...success(job),
    ...answer(job),
    ...retry(job),
    ...lateness(job),
    overlap(job),
    say('delivery', job.policies.delivery ?? 'at_most_once'),
    failures(job),
    ...timing(job),
  ]
}

function say(about: string, key: string, params: Behaviour['params'] = {}): Behaviour {
  return { about, key, params }
}

function success({ request }: Job): Behaviour[] {
  const { statuses = ['200-299'], body_contains, json_pointer } = request.success ?? {}
  return [
    say('success', 'statuses', { list: statuses.join(', ') }),
    ...(body_contains ? [say('success', 'contains', { text: body_contains })] : []),
    ...(json_pointer
      ? [
          say('success', 'pointer', {
            pointer: json_pointer.pointer,
            value: JSON.stringify(json_pointer.equals),
          }),
        ]
      : []),
  ]
}

function answer({ request }: Job): Behaviour[] {
  const { timeout_ms, redirects = 0, tls } = request
  return [
    timeout_ms
      ? say('timeout', 'own', { value: formatDuration(timeout_ms) })
      : say('timeout', 'server'),
    ...(redirects > 0 ? [say('redirects', 'some', { n: redirects })] : []),
    ...(tls?.skip_verification ? [say('tls', 'skip')] : []),
    ...(tls?.ca_pem ? [say('tls', 'own')] : []),
  ]
}

function retry({ retry }: Job): Behaviour[] {
  const attempts = retry?.attempts ?? 1
  if (!retry || attempts <= 1) return [say('retry', 'none')]
  return [
    say('retry', 'some', { n: attempts }),
    ...delay(retry.delay),
    ...(retry.deadline_ms
      ? [say('retry', 'deadline', { value: formatDuration(retry.deadline_ms) })]
      : []),
  ]
}

function delay(delay: NonNullable<Job['retry']>['delay']): Behaviour[] {
  if (!delay) return []
  if ('fixed_ms' in delay) return [say('retry', 'fixed', { value: formatDuration(delay.fixed_ms) })]
  if ('table_ms' in delay) {
    return [say('retry', 'table', { list: delay.table_ms.map(formatDuration).join(', ') })]
  }
  const { first_ms, max_ms } = delay.exponential
  return [
    say('retry', 'exponential', { first: formatDuration(first_ms), max: formatDuration(max_ms) }),
  ]
}

function lateness({ policies, trigger }: Job): Behaviour[] {
  const { misfire_grace = null, catch_up = 'latest' } = policies
  const grace =
    misfire_grace === null
      ? say('grace', trigger.type === 'interval' ? 'unlimited' : 'own', {
          value: formatDuration(60_000),
        })
      : misfire_grace === 'unlimited'
        ? say('grace', 'unlimited')
        : say('grace', 'own', { value: formatDuration(misfire_grace.ms) })
  const missed =
    typeof catch_up === 'string'
      ? say('catchUp', catch_up)
      : say('catchUp', 'all', { n: catch_up.all })
  return [grace, missed]
}

function overlap({ policies }: Job): Behaviour {
  const { overlap = 'skip' } = policies
  if (typeof overlap === 'string') return say('overlap', overlap)
  if ('allow' in overlap) return say('overlap', 'allow', { n: overlap.allow })
  return say('overlap', 'queue', { n: overlap.queue })
}

function failures({ policies }: Job): Behaviour {
  const n = policies.pause_after_failures
  return n ? say('failures', 'pause', { n }) : say('failures', 'go_on')
}

function timing({ policies, trigger }: Job): Behaviour[] {
  const dst = trigger.type === 'cron' ? trigger.dst : null
  return [
    ...(trigger.jitter_ms
      ? [say('jitter', 'own', { value: formatDuration(trigger.jitter_ms) })]
      : []),
    ...(dst?.gap === 'shift' ? [say('dst', 'shift')] : []),
    ...(dst?.fold && dst.fold !== 'both' ? [say('dst', dst.fold)] : []),
    ...(policies.priority ? [say('priority', 'own', { n: policies.priority })] : []),
  ]
}
