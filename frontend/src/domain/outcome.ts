import type { Job, Run, RunState } from '@/api/types'

/** How a state looks everywhere; the shape tells it apart without colour. */
export type Tone = 'ok' | 'fail' | 'warn' | 'idle' | 'busy'

const TONES: Record<RunState, Tone> = {
  succeeded: 'ok',
  failed: 'fail',
  unknown: 'warn',
  missed: 'warn',
  skipped: 'idle',
  coalesced: 'idle',
  claimed: 'busy',
  firing: 'busy',
}

export function toneOfRun(state: RunState): Tone {
  return TONES[state]
}

/** What a job is at the moment, in one word. */
export type JobHealth = 'running' | 'failing' | 'paused'

export function healthOf({ status }: Job): JobHealth {
  if (status.state === 'paused') return 'paused'
  return status.consecutive_failures > 0 ? 'failing' : 'running'
}

export const HEALTH_TONES: Record<JobHealth, Tone> = {
  running: 'ok',
  failing: 'fail',
  paused: 'idle',
}

/** Why a run was no success, the common ones first. */
export const REASONS = [
  'status',
  'timeout',
  'connect',
  'broken',
  'success_rule',
  'too_many_redirects',
  'invalid_url',
  'overlap',
  'queue_full',
  'cancelled',
  'paused',
  'pause_until',
  'grace',
  'no_catch_up',
  'changed',
  'removed',
  'ended',
  'send_limit',
  'shutdown',
  'replica_died',
  'lease_lost',
  'lock_held',
  'lock_unavailable',
  'internal',
] as const satisfies readonly NonNullable<Run['reason']>[]
