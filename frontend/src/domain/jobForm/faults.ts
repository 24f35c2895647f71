import type { DurationForm, InstantForm } from './types'
import { durationMs, instantOf, isEmptyInstant, wholeNumber } from './values'

/** What is wrong with a field, as a key under `editor.fault`. */
export interface LocalFault {
  field: string
  key: 'required' | 'number' | 'duration' | 'durations' | 'json' | 'instant'
}

/** The JSON that a body or a rule may hold. */
type Json = string | number | boolean | Record<string, never> | unknown[] | null

/** Reads texts, and remembers those that cannot be read. */
export class Faults {
  readonly found: LocalFault[] = []

  constructor(private readonly zone: string) {}

  add(field: string, key: LocalFault['key']): void {
    this.found.push({ field, key })
  }

  missing(field: string): string {
    this.add(field, 'required')
    return ''
  }

  number(field: string, text: string): number | undefined {
    return this.readable(field, 'number', wholeNumber(text))
  }

  /** A number that has to be there. */
  count(field: string, text: string): number {
    const value = this.number(field, text)
    if (value === undefined && text.trim() === '') this.add(field, 'required')
    return value ?? 0
  }

  duration(field: string, form: DurationForm): number | undefined {
    return this.readable(field, 'duration', durationMs(form))
  }

  /** A duration that has to be there. */
  needed(field: string, form: DurationForm): number {
    const value = this.duration(field, form)
    if (value === undefined && form.n.trim() === '') this.add(field, 'required')
    return value ?? 0
  }

  optionalInstant(field: string, form: InstantForm): string | undefined {
    return isEmptyInstant(form) ? undefined : this.instant(field, form)
  }

  /** Undefined without a fault: nothing is given. */
  instant(field: string, form: InstantForm): string | undefined {
    if (isEmptyInstant(form)) return undefined
    const at = instantOf(form, this.zone)
    if (at === undefined) this.add(field, 'instant')
    return at ?? ''
  }

  json(field: string, text: string): Json {
    try {
      return JSON.parse(text) as Json
    } catch {
      this.add(field, 'json')
      return null
    }
  }

  private readable(field: string, key: LocalFault['key'], value: number | undefined) {
    if (!Number.isNaN(value)) return value
    this.add(field, key)
    return undefined
  }
}
