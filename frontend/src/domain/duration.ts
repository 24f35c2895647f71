/** `288 ms`, `1.2 s`, `5 min 20 s`, `2 h 5 min`; null has no duration. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–'
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function join(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** As `formatDuration`, for times that people set: `30 s` without the tenths. */
export function formatSpan(ms: number): string {
  return formatDuration(ms).replace('.0 s', ' s')
}

const UNIT_MS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** The milliseconds of a setting such as `30d` or `1m 30s`; null for other writings. */
export function readDuration(text: string): number | null {
  const parts = [...text.matchAll(/(\d+)\s*(ms|s|m|h|d)(?![a-z])/g)]
  const left = parts.reduce((rest, [part]) => rest.replace(part, ''), text)
  if (parts.length === 0 || left.trim()) return null
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? 0), 0)
}
