import { keys } from '@/api/keys'
import { queryClient } from '@/api/queryClient'
import type { Job } from '@/api/types'
import { withRun } from '@/domain/patch'
import { listen } from './live'

/** Keeps single jobs in the cache up to date. Lists are patched by the pages that show them. */
export function patchCaches(): void {
  listen({
    job: ({ job_id, job }) => {
      if (job) queryClient.setQueryData<Job>(keys.job(job_id), (old) => old && job)
      else void queryClient.invalidateQueries({ queryKey: keys.job(job_id) })
    },
    run: ({ at, job_id, run }) => {
      queryClient.setQueryData<Job>(keys.job(job_id), (old) => old && withRun(old, run, at))
    },
    // What is on the screen is loaded at once, everything else when it is shown again.
    reset: () => void queryClient.invalidateQueries(),
  })
}
