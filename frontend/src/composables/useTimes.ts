import { computed, ref } from 'vue'
import {
  formatInstant,
  ZONE_MODES,
  zoneOf,
  type InstantStyle,
  type ZoneMode,
} from '@/domain/instant'
import { readSetting, writeSetting } from './settings'

const mode = ref<ZoneMode>(readSetting('zone', ZONE_MODES) ?? 'browser')

/** Instants as the display-zone switch of the header wants them. Every instant on the page goes through here. */
export function useTimes() {
  /** `at`: an instant of the API; `jobZone`: the zone of the job it belongs to. */
  function format(at: string | Date, jobZone?: string | null, style?: InstantStyle): string {
    return formatInstant(new Date(at), zoneOf(mode.value, jobZone), style)
  }

  return {
    zoneMode: computed({
      get: () => mode.value,
      set: (next) => {
        mode.value = next
        writeSetting('zone', next)
      },
    }),
    zone: (jobZone?: string | null) => zoneOf(mode.value, jobZone),
    format,
  }
}
