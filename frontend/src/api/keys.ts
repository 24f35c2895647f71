/** Names of what is cached. Live events patch the caches by these. */
export const keys = {
  /** One page of the list of jobs. */
  jobs: (query: object) => ['jobs', query] as const,
  /** The first jobs that match a search. */
  found: (query: object) => ['found', query] as const,
  job: (jobId: string) => ['job', jobId] as const,
  upcoming: (jobId: string, n: number) => ['upcoming', jobId, n] as const,
  explain: (jobId: string, at: string) => ['explain', jobId, at] as const,
  runs: (query: object) => ['runs', query] as const,
  firings: (from: number, to: number, most: number) => ['firings', from, to, most] as const,
  run: (runId: number) => ['run', runId] as const,
  stats: (query: object = {}) => ['stats', query] as const,
  system: () => ['system'] as const,
  /** The same with how far its clock is from the browser's. */
  server: () => ['server'] as const,
  readiness: () => ['readiness'] as const,
}
