import { onScopeDispose, ref } from 'vue'
import { readSetting, writeSetting } from './settings'

/** `n`, `?`, `ctrl+k`, or two keys in a row: `g j`. */
export type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const SEQUENCE_MS = 1_000
const sets: Shortcuts[] = []
const enabled = ref(readSetting('shortcuts', ['on', 'off']) !== 'off')
let first: { key: string; at: number } | undefined

/** Keys for as long as the component lives; the youngest component's come first. */
export function useShortcuts(shortcuts: Shortcuts): void {
  if (sets.length === 0) document.addEventListener('keydown', press)
  sets.unshift(shortcuts)
  onScopeDispose(() => {
    sets.splice(sets.indexOf(shortcuts), 1)
    if (sets.length === 0) document.removeEventListener('keydown', press)
  })
}

/** Whether single keys do something; `ctrl+k` always does. */
export function useShortcutsEnabled() {
  function setEnabled(on: boolean): void {
    enabled.value = on
    writeSetting('shortcuts', on ? 'on' : 'off')
  }
  return { enabled, setEnabled }
}

function press(event: KeyboardEvent): void {
  const withControl = event.ctrlKey || event.metaKey
  if (event.defaultPrevented || event.altKey || event.isComposing) return
  const key = withControl ? `ctrl+${event.key.toLowerCase()}` : event.key
  if (!withControl && (!enabled.value || isTaken(event))) return
  const sequence = first && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : ''
  first = { key, at: event.timeStamp }
  const action = find(sequence) ?? find(key)
  if (!action) return
  event.preventDefault()
  action(event)
}

function find(keys: string): Shortcuts[string] | undefined {
  return sets.find((set) => set[keys])?.[keys]
}

/** Typing, and what an open dialog or menu wants for itself. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) {
    return !(isTicked(target) && key !== ' ')
  }
  return (
    target.closest('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]') !==
    null
  )
}

/** Boxes and choices are not typed into. */
function isTicked(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && ['checkbox', 'radio'].includes(target.type)
}
