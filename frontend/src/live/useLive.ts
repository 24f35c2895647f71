import { onScopeDispose } from 'vue'
import { listen, type LiveListener } from './live'

/** Hears what happens on the server for as long as the component lives. */
export function useLive(listener: LiveListener): void {
  onScopeDispose(listen(listener))
}
