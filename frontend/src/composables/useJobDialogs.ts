import { computed, ref, shallowRef, type Ref } from 'vue'
import type { Job } from '@/api/types'

/** Which dialog is open, for which job, and where the focus goes when it closes. */
export function useJobDialogs(fallback: Readonly<Ref<HTMLElement | null>>) {
  const formOpen = ref(false)
  const removeOpen = ref(false)
  /** The job of the open dialog; null for a new one. */
  const subject = shallowRef<Job | null>(null)
  let opener: Element | null = null

  function open(which: Ref<boolean>, job: Job | null): void {
    opener = document.activeElement
    subject.value = job
    which.value = true
  }

  function restoreFocus(event: Event): void {
    event.preventDefault()
    const target = opener instanceof HTMLElement && opener.isConnected ? opener : fallback.value
    target?.focus()
  }

  /** The opener is about to go away with its row. */
  function forgetOpener(): void {
    opener = null
  }

  return {
    formOpen,
    removeOpen,
    subject,
    anyOpen: computed(() => formOpen.value || removeOpen.value),
    openForm: (job: Job | null) => {
      open(formOpen, job)
    },
    openRemove: (job: Job) => {
      open(removeOpen, job)
    },
    restoreFocus,
    forgetOpener,
  }
}
