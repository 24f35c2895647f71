import { shallowRef, triggerRef } from 'vue'
import type { Job } from '@/api/types'

/**
 * The rows of a long list of which only some pages are there. Knows where each
 * job stands, so that an event costs the same however long the list is. What
 * reads `at` follows the rows, but hears of changes only at `tell`.
 */
export interface Rows {
  at(index: number): Job | undefined
  get(jobId: string): Job | undefined
  indexOf(jobId: string): number
  /** Puts a page; what was there is replaced. */
  put(start: number, jobs: readonly Job[]): void
  /** Changes a job that is there. */
  set(job: Job): boolean
  /** Takes a job out; those behind it move up. */
  remove(jobId: string): boolean
  has(start: number, end: number): boolean
  loaded(): number
  /** Tells those who read what was changed since. */
  tell(): void
}

export function createRows(): Rows {
  const jobs: (Job | undefined)[] = []
  const reading = shallowRef(jobs)
  const places = new Map<string, number>()

  function reckon(): void {
    places.clear()
    jobs.forEach((job, index) => job && places.set(job.job_id, index))
  }

  return {
    at: (index) => reading.value[index],
    get: (jobId) => jobs[places.get(jobId) ?? -1],
    indexOf: (jobId) => places.get(jobId) ?? -1,
    put(start, page) {
      page.forEach((job, offset) => {
        const before = jobs[start + offset]
        if (before && places.get(before.job_id) === start + offset) places.delete(before.job_id)
        jobs[start + offset] = job
        places.set(job.job_id, start + offset)
      })
    },
    set(job) {
      const index = places.get(job.job_id)
      if (index === undefined) return false
      jobs[index] = job
      return true
    },
    remove(jobId) {
      const index = places.get(jobId)
      if (index === undefined) return false
      jobs.splice(index, 1)
      reckon()
      return true
    },
    has(start, end) {
      for (let index = start; index < end; index += 1) if (!jobs[index]) return false
      return true
    },
    loaded: () => places.size,
    tell: () => triggerRef(reading),
  }
}
