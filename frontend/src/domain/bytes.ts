const UNITS = ['KiB', 'MiB', 'GiB', 'TiB']

/** `512 B`, `64 KiB`, `3.9 MiB`: three digits are enough to tell sizes apart. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length)
  const value = bytes / 1024 ** power
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0
  return `${value.toFixed(digits)} ${UNITS[power - 1]}`
}
