/** Display settings kept in this browser; a blocked or full storage is no fault. */
const PREFIX = 'schedule-server.'

export function readSetting<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  try {
    const stored = localStorage.getItem(PREFIX + name)
    return allowed.find((value) => value === stored)
  } catch {
    return undefined
  }
}

export function writeSetting(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    return
  }
}
