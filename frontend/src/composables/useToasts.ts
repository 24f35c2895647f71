import { readonly, ref } from 'vue'

export interface Toast {
  id: number
  tone: 'ok' | 'error'
  text: string
  /** Offered for as long as the toast is there. */
  action?: { label: string; run: () => void } | undefined
}

const toasts = ref<Toast[]>([])
let lastId = 0

/** Short notes about what the user did; background work never makes one. */
export function useToasts() {
  function show(tone: Toast['tone'], text: string, action?: Toast['action']): void {
    lastId += 1
    toasts.value = [...toasts.value.slice(-2), { id: lastId, tone, text, action }]
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts: readonly(toasts), show, dismiss }
}
