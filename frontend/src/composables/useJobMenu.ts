import { Copy, Pause, Pencil, Play, SquareTerminal, Trash2, Zap } from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import type { Job } from '@/api/types'
import {
  deleteCommand,
  pauseCommand,
  putCommand,
  resumeCommand,
  runCommand,
} from '@/domain/commands'
import type { MenuAction } from '@/ui/menu'
import { useCopy } from './useCopy'
import { useToasts } from './useToasts'

interface Actions {
  run(job: Job): void
  toggle(job: Job): void
  askDelete(job: Job): void
}

/** Everything that can be done with a job, and each of it as a command. */
export function useJobMenu(actions: Actions): (job: Job) => MenuAction[] {
  const { t } = useI18n()
  const copy = useCopy()
  const toasts = useToasts()

  async function copyCommand(command: string): Promise<void> {
    if (await copy(command)) toasts.show('ok', t('jobAction.curlCopied'))
  }

  function asCurl(job: Job): MenuAction[] {
    const id = job.job_id
    const isPaused = job.status.state === 'paused'
    const commands: [string, () => string][] = [
      ['curlPut', () => putCommand(job)],
      ['curlRun', () => runCommand(id)],
      isPaused ? ['curlResume', () => resumeCommand(id)] : ['curlPause', () => pauseCommand(id)],
      ['curlDelete', () => deleteCommand(id)],
    ]
    return commands.map(([key, command], index) => ({
      key,
      label: t(`jobAction.${key}`),
      icon: SquareTerminal,
      run: () => void copyCommand(command()),
      ...(index === 0 ? { separated: true, heading: t('common.copyCurl') } : {}),
    }))
  }

  return (job) => {
    const isPaused = job.status.state === 'paused'
    return [
      {
        key: 'toggle',
        label: t(isPaused ? 'jobAction.resume' : 'jobAction.pause'),
        icon: isPaused ? Play : Pause,
        shortcut: 'p',
        run: () => actions.toggle(job),
      },
      {
        key: 'run',
        label: t('jobAction.run'),
        icon: Zap,
        shortcut: 'r',
        run: () => actions.run(job),
      },
      {
        key: 'edit',
        label: t('jobAction.edit'),
        icon: Pencil,
        to: { name: 'editJob', params: { id: job.job_id } },
      },
      {
        key: 'duplicate',
        label: t('jobAction.duplicate'),
        icon: Copy,
        to: { name: 'newJob', query: { from: job.job_id } },
      },
      ...asCurl(job),
      {
        key: 'delete',
        label: t('jobAction.delete'),
        icon: Trash2,
        danger: true,
        separated: true,
        run: () => actions.askDelete(job),
      },
    ]
  }
}
