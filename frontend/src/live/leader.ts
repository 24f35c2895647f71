const NAME = 'schedule-server.events'

/**
 * Runs `lead` in one tab at a time, so that a browser holds one stream and not
 * one for each tab. Where the browser has no locks (plain http on another host
 * than this one) each tab leads for itself.
 */
export function lead(run: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): void {
  if (!canShare()) {
    void run(signal)
    return
  }
  navigator.locks
    .request(NAME, { signal }, () => run(signal))
    .catch(() => {
      // The only refusal is that of `signal`: this tab does not wait any longer.
    })
}

/** What the leading tab tells the others; null where each tab leads for itself. */
export function openChannel(): BroadcastChannel | null {
  return canShare() ? new BroadcastChannel(NAME) : null
}

function canShare(): boolean {
  return 'locks' in navigator && 'BroadcastChannel' in window
}
