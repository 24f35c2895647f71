import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, data } from '@/api/client'
import { keys } from '@/api/keys'
import { ApiError } from '@/api/error'
import type { Firing } from '@/api/types'
import { useErrorText } from '@/composables/useErrorText'
import { useToasts } from '@/composables/useToasts'
import { inTurn, isOften } from '@/domain/spread'
import { loadFirings } from './firings'

/** So many jobs are shown and spread at once. */
const MOST = 1000
const SECOND_MS = 1000
/** Calls under way at once. */
const WIDTH = 6

interface Place {
  job_id: string
  delay?: number
  refusal?: string
}

/** The jobs of one second, where a jitter would put them, and putting them there. */
export function useSpread(at: string, selected: Ref<readonly string[]>, within: Ref<number>) {
  const { t, n } = useI18n()
  const errorText = useErrorText()
  const toasts = useToasts()

  const from = Math.floor(Date.parse(at) / SECOND_MS) * SECOND_MS
  const to = from + SECOND_MS
  const list = useQuery({
    queryKey: keys.firings(from, to, MOST),
    queryFn: ({ signal }) => loadFirings(new Date(from), new Date(to), MOST, signal),
    staleTime: 0,
  })
  const jobs = computed(() => list.data.value?.items.filter(isTogether) ?? [])
  const chosen = computed(() => jobs.value.filter(({ job_id }) => selected.value.includes(job_id)))

  // The server says where each one goes: nothing here knows how.
  const places = useQuery({
    queryKey: computed(() => ['spread', at, within.value, [...selected.value].sort()]),
    queryFn: ({ signal }) => inTurn(chosen.value, WIDTH, (job) => placeOf(job, signal)),
    enabled: computed(() => chosen.value.length > 0),
    placeholderData: keepPreviousData,
  })
  const known = computed(() => (chosen.value.length > 0 ? (places.data.value ?? []) : []))
  const delays = computed(() => known.value.flatMap(({ delay }) => delay ?? []))
  const refusals = computed(
    () =>
      new Map(known.value.flatMap(({ job_id, refusal }) => (refusal ? [[job_id, refusal]] : []))),
  )
  const possible = computed(() => chosen.value.filter(({ job_id }) => !refusals.value.has(job_id)))

  /** How far behind its fire time a job would be sent, in milliseconds; or why it cannot be. */
  async function placeOf(
    { job_id, fire_at, trigger }: Firing,
    signal: AbortSignal,
  ): Promise<Place> {
    const body = {
      job_id,
      trigger: { ...trigger, jitter_ms: within.value },
      from: new Date(Date.parse(fire_at) - 1).toISOString(),
      n: 1,
    }
    try {
      const found = await data(api.POST('/api/v1/schedules:preview', { body, signal }))
      const [fire] = found.fire_times
      const sent = fire && Date.parse(fire.send_at ?? fire.fire_at)
      return { job_id, delay: sent === undefined ? 0 : sent - Date.parse(fire_at) }
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'problem') {
        return { job_id, refusal: error.message }
      }
      throw error
    }
  }

  const done = ref<number | null>(null)

  /** Sets the jitter of each, as `ms` says; answers with those that were changed. */
  async function set(of: readonly Firing[], ms: (job: Firing) => number | null): Promise<Firing[]> {
    let failure: unknown
    done.value = 0
    const changed = await inTurn(of, WIDTH, async (job) => {
      const params = { path: { job_id: job.job_id } }
      try {
        await data(
          api.PATCH('/api/v1/jobs/{job_id}', {
            params,
            body: { trigger: { jitter_ms: ms(job) } },
          }),
        )
        return job
      } catch (error) {
        failure = error
        return null
      } finally {
        done.value = (done.value ?? 0) + 1
      }
    })
    done.value = null
    const good = changed.filter((job) => job !== null)
    const bad = of.length - good.length
    if (bad > 0) {
      const reason = errorText(failure)
      toasts.show('error', t('overview.spread.failed', { n: n(bad), reason }))
    }
    return good
  }

  async function save(): Promise<boolean> {
    const changed = await set(possible.value, () => within.value)
    if (changed.length === 0) return false
    const text = t('overview.spread.done', { n: n(changed.length) }, changed.length)
    toasts.show('ok', text, { label: t('common.undo'), run: () => void undo(changed) })
    return true
  }

  async function undo(changed: readonly Firing[]): Promise<void> {
    const back = await set(changed, jitterOf)
    if (back.length > 0) {
      toasts.show('ok', t('overview.spread.undone', { n: n(back.length) }, back.length))
    }
  }

  return { list, jobs, possible, delays, refusals, done, save }
}

function jitterOf({ trigger }: Firing): number | null {
  return trigger.jitter_ms ?? null
}

/** Those that have a jitter of a second or more are spread already. */
function isTogether(job: Firing): boolean {
  return (jitterOf(job) ?? 0) < SECOND_MS && !isOften(job.trigger)
}
