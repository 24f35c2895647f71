import type { Component } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface MenuAction {
  /** Unique in its menu. */
  key: string
  label: string
  icon?: Component
  /** Told at the right; the menu itself does not listen for it. */
  shortcut?: string
  danger?: boolean
  disabled?: boolean
  /** A line above it, or words. */
  separated?: boolean
  heading?: string
  /** Where it leads, or what it does. */
  to?: RouteLocationRaw
  run?: () => void
}
