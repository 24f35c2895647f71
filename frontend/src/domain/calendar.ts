import { zonedParts } from './instant'

/** Fire times from an instant on, up to the next one. */
export interface Bucket {
  from: string
  firings: number
}

/** A cell of the calendar: a quarter of an hour, or an hour of a day. Times are unix milliseconds. */
export interface Slot {
  from: number
  to: number
  firings: number
  row: number
  column: number
}

export interface Calendar {
  /** What stands in front of each row: `:15`, or a date. */
  rows: string[]
  /** What stands above each column: the hour of the wall clock, `09`. */
  columns: string[]
  slots: Slot[]
  /** The fullest slot's fire times. */
  most: number
}

const HOUR_MS = 3_600_000
export const QUARTER_MS = 900_000

/**
 * The next day by hour and quarter, as the clocks of a zone show it. An hour that the
 * clocks show twice has two columns.
 */
export function dayCalendar(buckets: readonly Bucket[], zone: string): Calendar {
  const first = buckets[0]
  if (!first) return EMPTY
  const begin = Date.parse(first.from)
  const hour = begin - minuteOf(begin, zone) * 60_000
  const slots = buckets.map(({ from, firings }) => {
    const at = Date.parse(from)
    const into = at - hour
    const column = Math.floor(into / HOUR_MS)
    const row = Math.floor((into % HOUR_MS) / QUARTER_MS)
    return { from: at, to: at + QUARTER_MS, firings, row, column }
  })
  const hours = Math.max(...slots.map(({ column }) => column)) + 1
  const columns = Array.from({ length: hours }, (_, n) => hourOf(hour + n * HOUR_MS, zone))
  return { rows: [':00', ':15', ':30', ':45'], columns, slots, most: most(slots) }
}

/**
 * The next week by day and hour, as the clocks of a zone show it. An hour that they show
 * twice is one slot; one that they leave out has none.
 */
export function weekCalendar(buckets: readonly Bucket[], zone: string): Calendar {
  const rows: string[] = []
  const slots = new Map<string, Slot>()
  for (const { from, firings } of buckets) {
    const at = Date.parse(from)
    const { date, time } = zonedParts(new Date(at), zone)
    if (rows.at(-1) !== date) rows.push(date)
    const [row, column] = [rows.length - 1, Number(time.slice(0, 2))]
    const known = slots.get(`${row} ${column}`)
    if (known) {
      known.firings += firings
      known.to = at + HOUR_MS
    } else {
      const slot = { from: at, to: at + HOUR_MS, firings, row, column }
      slots.set(`${row} ${column}`, slot)
    }
  }
  if (rows.length === 0) return EMPTY
  const columns = Array.from({ length: 24 }, (_, n) => String(n).padStart(2, '0'))
  const all = [...slots.values()]
  return { rows, columns, slots: all, most: most(all) }
}

/** Where all slots are alike, none stands out: this is how dark they are then. */
const EVEN = 0.45

/**
 * How dark a slot is drawn, from 0 to 1. What fires all the time is in each slot: the
 * more the fullest has beyond the emptiest, the more the two differ.
 */
export function level({ slots, most }: Calendar, { firings }: Slot): number {
  if (firings === 0) return 0
  // The first slot and the last one may be cut short.
  const whole = slots.length > 2 ? slots.slice(1, -1) : slots
  const least = Math.min(...whole.map((slot) => slot.firings))
  const top = EVEN + (1 - EVEN) * Math.min(1, (2 * (most - least)) / most)
  const floor = least / 2
  return Math.max(0.1, top * Math.sqrt(Math.max(0, firings - floor) / (most - floor)))
}

const EMPTY: Calendar = { rows: [], columns: [], slots: [], most: 0 }

function most(slots: readonly Slot[]): number {
  return Math.max(0, ...slots.map(({ firings }) => firings))
}

function hourOf(at: number, zone: string): string {
  return zonedParts(new Date(at), zone).time.slice(0, 2)
}

function minuteOf(at: number, zone: string): number {
  return Number(zonedParts(new Date(at), zone).time.slice(3, 5))
}

/** The slot that an arrow key leads to, by the nearest one of its row. */
export function neighbour(slots: readonly Slot[], from: Slot, key: string): Slot | undefined {
  const inRow = (row: number) => slots.filter((slot) => slot.row === row)
  const away = ({ column }: Slot) => Math.abs(column - from.column)
  const nearest = (row: number) => inRow(row).sort((a, b) => away(a) - away(b))[0]
  switch (key) {
    case 'ArrowRight':
      return inRow(from.row).find(({ column }) => column > from.column)
    case 'ArrowLeft':
      return inRow(from.row)
        .filter(({ column }) => column < from.column)
        .at(-1)
    case 'ArrowDown':
      return nearest(from.row + 1)
    case 'ArrowUp':
      return nearest(from.row - 1)
    case 'Home':
      return inRow(from.row)[0]
    case 'End':
      return inRow(from.row).at(-1)
    default:
      return undefined
  }
}
