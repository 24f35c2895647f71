import type { RecentRun } from '@/api/types'
import { toneOfRun, type Tone } from '@/domain/outcome'

export type Measure = 'duration' | 'lateness'

export interface Point {
  x: number
  y: number
  tone: Tone
  run: RecentRun
}

export interface ChartSize {
  width: number
  height: number
}

export function valueOf(run: RecentRun, measure: Measure): number | null {
  return measure === 'duration' ? run.duration_ms : run.lateness_ms
}

/** Each run has a slot of the same width, oldest at the left; new ones come in at the right edge. */
export function slotX(index: number, slots: number, width: number): number {
  return ((index + 0.5) * width) / slots
}

/** The slot under a place; null: none. */
export function slotAt(x: number, slots: number, width: number): number | null {
  const index = Math.floor((x * slots) / width)
  return index >= 0 && index < slots ? index : null
}

/** A round top at or above the largest value, and where lines are drawn below it. */
export function scaleOf(values: readonly number[]): { top: number; ticks: number[] } {
  const max = Math.max(1, ...values)
  const unit = 10 ** Math.floor(Math.log10(max))
  const step = [0.5, 1, 2, 2.5, 5].map((n) => n * unit).find((n) => max / n <= 3) ?? 5 * unit
  const size = Math.max(1, step)
  const count = Math.ceil(max / size)
  return { top: count * size, ticks: Array.from({ length: count + 1 }, (_, n) => n * size) }
}

/** The dots of runs that have a value; `runs` oldest first. */
export function pointsOf(
  runs: readonly RecentRun[],
  measure: Measure,
  top: number,
  slots: number,
  { width, height }: ChartSize,
): Point[] {
  const first = slots - runs.length
  return runs.flatMap((run, index) => {
    const value = valueOf(run, measure)
    if (value === null) return []
    const y = height - (Math.max(0, value) / top) * height
    return [{ x: slotX(first + index, slots, width), y, tone: toneOfRun(run.state), run }]
  })
}

/** A line through the points, broken where runs without a value lie between. */
export function linePath(points: readonly Point[], slotWidth: number): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1]
      const joined = before !== undefined && x - before.x < slotWidth * 1.5
      return `${joined ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
