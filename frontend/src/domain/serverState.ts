import type { System } from '@/api/types'
import type { Tone } from './outcome'

/** How far two clocks are apart, and how wrong that may be. */
export interface Skew {
  /** The server's clock is ahead by so much. */
  ms: number
  /** Half of the time the answer took: when in it the server looked is not known. */
  doubtMs: number
}

/** Clocks apart by more are worth a word: countdowns and what fires no longer seem to fit. */
const SKEW_MS = 2_000

export function skewOf(askedAt: number, answeredAt: number, now: string): Skew {
  const doubtMs = (answeredAt - askedAt) / 2
  return { ms: Math.round(Date.parse(now) - askedAt - doubtMs), doubtMs: Math.ceil(doubtMs) }
}

export type SkewSide = 'even' | 'ahead' | 'behind'

/** Which clock is ahead, if that can be told at all. */
export function skewSide({ ms, doubtMs }: Skew): SkewSide {
  if (Math.abs(ms) <= doubtMs) return 'even'
  return ms > 0 ? 'ahead' : 'behind'
}

export function isSkewed({ ms, doubtMs }: Skew): boolean {
  return Math.abs(ms) - doubtMs > SKEW_MS
}

export type Part = System['parts'][number]
export type Replica = System['replicas'][number]

export function toneOfPart({ ok, required }: Part): Tone {
  if (ok) return 'ok'
  return required ? 'fail' : 'warn'
}

const URGENCY: readonly Tone[] = ['fail', 'warn', 'ok']

/** What does not work first, what is needed most before the rest. */
export function byUrgency(parts: readonly Part[]): Part[] {
  return [...parts].sort((a, b) => URGENCY.indexOf(toneOfPart(a)) - URGENCY.indexOf(toneOfPart(b)))
}

/** The one that answers first, then those alive, then those that are gone. */
export function byLife(replicas: readonly Replica[]): Replica[] {
  const rank = ({ self, alive }: Replica) => (self ? 0 : alive ? 1 : 2)
  return [...replicas].sort((a, b) => rank(a) - rank(b) || a.replica.localeCompare(b.replica))
}

/** The server in one tone: `fail` is not ready, `warn` works with something amiss. */
export function stateOf(parts: readonly Part[], replicas: readonly Replica[], skew: Skew) {
  const tones = parts.map(toneOfPart)
  const gone = replicas.filter(({ alive }) => !alive).length
  const problems = tones.filter((tone) => tone !== 'ok').length + gone + (isSkewed(skew) ? 1 : 0)
  const tone: Tone = tones.includes('fail') ? 'fail' : problems > 0 ? 'warn' : 'ok'
  return { tone, problems }
}

export function settingOf(system: System, name: string): string {
  return system.settings.find((setting) => setting.name === name)?.value ?? ''
}

/** Those that somebody has set first; else as the server has them. */
export function changedFirst(settings: System['settings']): System['settings'] {
  const rank = ({ origin }: System['settings'][number]) => (origin === 'default' ? 1 : 0)
  return [...settings].sort((a, b) => rank(a) - rank(b))
}
