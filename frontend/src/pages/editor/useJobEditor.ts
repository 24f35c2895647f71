import { computed, inject, provide, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/error'
import type { Fault } from '@/api/types'
import {
  cronFields,
  definitionOf,
  fieldOf,
  valueAt,
  type Definition,
  type Field,
  type JobForm,
} from '@/domain/jobForm'
import { dropDraft, keepDraft, readDraft } from './draft'
import { putJob, type Seen } from './jobs'
import { useIdCheck } from './useIdCheck'
import { usePreview } from './usePreview'

/** What an editor begins with. */
export interface Beginning {
  /** Under which the draft is kept. */
  name: string
  /** A name that is fixed belongs to a job that is edited. */
  id: string
  form: JobForm
  /** The revision that was seen; null for a new job. */
  etag: string | null
}

interface SentFault extends Fault {
  /** What stood in the field when the server refused it. */
  sent: string
}

const PREVIEWED = 5
const DRAFT_MS = 300

/** The state of the editor: the form, its faults, what it will do, and how it is saved. */
export function useJobEditor(beginning: Beginning) {
  const { t } = useI18n()
  const draft = readDraft(beginning.name)
  const restored = ref(draft !== undefined)
  const id = ref(draft?.id ?? beginning.id)
  const form = reactive(draft?.form ?? structuredClone(beginning.form)) as JobForm
  const etag = ref(draft ? draft.etag : beginning.etag)
  const isNew = beginning.etag === null
  /** That the job of an id that is taken shall be replaced. */
  const overwrite = ref(false)
  const saving = ref(false)
  /** Whether saving was tried: from then on what is missing counts as a fault. */
  const tried = ref(false)
  const refused = shallowRef<readonly SentFault[]>([])

  const written = computed(() => definitionOf(form))
  const definition = computed<Definition>(() => written.value.definition)
  const idCheck = useIdCheck(() => (isNew ? id.value : ''))

  const signature = computed(() => JSON.stringify([id.value, written.value]))
  const first = JSON.stringify([beginning.id, definitionOf(beginning.form)])
  const saved = ref(first)
  const dirty = computed(() => signature.value !== saved.value)

  const preview = usePreview(() => {
    const wrong = written.value.faults.some(({ field }) => /^trigger|grace|until/.test(field))
    if (wrong) return undefined
    const { trigger, policies: all } = definition.value
    const policies = {
      ...(all?.misfire_grace && { misfire_grace: all.misfire_grace }),
      ...(all?.pause_until && { pause_until: all.pause_until }),
    }
    return {
      trigger,
      n: PREVIEWED,
      ...(id.value && { job_id: id.value }),
      policies,
    }
  })

  // The line and the fields say the same: what was not typed follows.
  watch(preview.preview, (answer) => {
    const { cron } = form.trigger
    if (answer?.normalised?.type !== 'cron') return
    if (cron.source === 'fields') cron.line = answer.cron ?? ''
    else Object.assign(cron.fields, Object.fromEntries(cronFields(answer.normalised)))
  })

  let timer: ReturnType<typeof setTimeout> | undefined
  watch([signature, dirty], () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (dirty.value) keepDraft(beginning.name, { id: id.value, form, etag: etag.value })
      else dropDraft(beginning.name)
    }, DRAFT_MS)
  })

  const standing = computed(() =>
    refused.value.filter(
      (fault) => fault.sent === sentValue(definition.value, id.value, fault.field),
    ),
  )

  /** The faults of each field, and under `''` those that no field shows. */
  const faults = computed(() => {
    const found = new Map<Field | '', Set<string>>()
    const add = (path: string, text: string) => {
      const field = fieldOf(path) ?? ''
      found.set(field, (found.get(field) ?? new Set()).add(field ? text : `${path}: ${text}`))
    }
    for (const { field, key } of written.value.faults) {
      if (key !== 'required' || tried.value) add(field, t(`editor.fault.${key}`))
    }
    if (tried.value && !id.value) add('job_id', t('editor.fault.required'))
    if (tried.value && idCheck.state.value === 'taken' && !overwrite.value) {
      add('job_id', t('editor.fault.taken'))
    }
    for (const { field, rule } of [...preview.faults.value, ...standing.value]) add(field, rule)
    return found
  })

  function faultOf(field: Field): string | undefined {
    const texts = faults.value.get(field)
    return texts && [...texts].join('\n')
  }

  /** Puts the job; with `revision`, over another one than was seen. Throws what the page has to ask about. */
  async function save(revision: string | null): Promise<Seen | undefined> {
    const sent = definition.value
    saving.value = true
    try {
      const seen = await putJob(id.value, sent, revision)
      saved.value = signature.value
      clearTimeout(timer)
      dropDraft(beginning.name)
      return seen
    } catch (error) {
      if (!(error instanceof ApiError) || error.faults.length === 0) throw error
      refused.value = error.faults.map((fault) => ({
        ...fault,
        sent: sentValue(sent, id.value, fault.field),
      }))
      return undefined
    } finally {
      saving.value = false
    }
  }

  /** Forgets what was typed; the page is left or begins anew. */
  function forget(): void {
    saved.value = signature.value
    clearTimeout(timer)
    dropDraft(beginning.name)
  }

  const editor = {
    id,
    form,
    etag,
    isNew,
    dirty,
    restored,
    overwrite,
    saving,
    tried,
    idCheck,
    definition,
    faults,
    preview,
    faultOf,
    save,
    forget,
  }
  provide(EDITOR, editor)
  return editor
}

/** What a refusal is about: the field, and what it is judged together with. */
function sentValue(definition: Definition, id: string, path: string): string {
  const field = fieldOf(path)
  const { method, url } = definition.request
  return JSON.stringify([id, method, url, field ? valueAt(definition, field) : definition])
}

export type JobEditor = ReturnType<typeof useJobEditor>
const EDITOR: InjectionKey<JobEditor> = Symbol('editor')

/** The editor that a part of the form belongs to. */
export function useEditor(): JobEditor {
  const editor = inject(EDITOR)
  if (!editor) throw new Error('only within an editor')
  return editor
}
