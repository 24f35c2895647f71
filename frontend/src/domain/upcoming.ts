/** A fire time as the API tells it: `local` is on the wall clock of the trigger's zone. */
interface Local {
  fire_at: string
  local: string
}

export interface ClockMarks {
  /** The clocks were changed between this fire time and the one before: from, to. */
  change: { from: string; to: string; forward: boolean } | null
  /** The wall clock shows this time for the second time. */
  again: boolean
}

/** `+02:00` of `2031-10-26T02:30:00.000+02:00`. */
export function offsetOf(local: string): string {
  return /[+-]\d\d:\d\d$/.exec(local)?.[0] ?? '+00:00'
}

/** What the nights in which the clocks change do to a list of fire times. */
export function clockMarks(fires: readonly Local[]): ClockMarks[] {
  return fires.map(({ local }, index) => {
    const before = fires[index - 1]?.local
    const [from, to] = [offsetOf(before ?? local), offsetOf(local)]
    const wall = (text: string) => text.slice(0, -6)
    const change = from === to ? null : { from, to, forward: minutes(to) > minutes(from) }
    return { change, again: before !== undefined && wall(before) === wall(local) }
  })
}

function minutes(offset: string): number {
  const [hours = 0, rest = 0] = offset.slice(1).split(':').map(Number)
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + rest)
}
