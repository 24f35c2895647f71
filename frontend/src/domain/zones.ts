const SHOWN = 40

/** The zones that the browser knows, and UTC, which some leave out. */
export function zoneNames(): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
}

/** Those that hold all words of the text in their name, those that begin with it first. */
export function matchingZones(zones: readonly string[], text: string): string[] {
  const words = plain(text).split(' ').filter(Boolean)
  const found = zones.filter((zone) => words.every((word) => plain(zone).includes(word)))
  const begins = (zone: string) =>
    plain(zone)
      .split(' ')
      .some((part) => part.startsWith(words[0] ?? ''))
  return [...found.filter(begins), ...found.filter((zone) => !begins(zone))].slice(0, SHOWN)
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[/_\s]+/g, ' ')
    .trim()
}

/** Whether the browser can tell the time of a zone. The server may know others. */
export function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
