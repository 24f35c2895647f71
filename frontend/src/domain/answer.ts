import type { components } from '@/api/schema'

type Phases = components['schemas']['Phases']

export interface PhaseShare {
  name: 'dns' | 'connect' | 'firstByte' | 'read'
  ms: number
  /** Where it began in all that was measured, from 0 to 1. */
  start: number
  /** Of all that was measured, from 0 to 1. */
  share: number
}

/** Where the time of an attempt went; what did not take place is left out. */
export function phaseShares(phases: Phases | null): PhaseShare[] {
  if (!phases) return []
  const all = [
    { name: 'dns', us: phases.dns_us },
    { name: 'connect', us: phases.connect_us },
    { name: 'firstByte', us: phases.first_byte_us },
    { name: 'read', us: phases.read_us },
  ] as const
  const sum = all.reduce((total, { us }) => total + (us ?? 0), 0)
  const part = (us: number) => (sum === 0 ? 0 : us / sum)
  let before = 0
  return all.flatMap(({ name, us }) => {
    if (us === null) return []
    const start = part(before)
    before += us
    return [{ name, ms: us / 1000, start, share: part(us) }]
  })
}

/** JSON over several lines; any other text as it is. */
export function prettyBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
