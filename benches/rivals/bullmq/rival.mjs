// BullMQ at its best: delayed jobs added in bulk, one worker with many at once, kept
// connections.
//
//     rival.mjs URL JOBS UNIX_MS REDIS_PORT
//
// Adds so many jobs that are due at that instant, says "ready", fires them, and stays.
import http from 'node:http'
import { Queue, Worker } from 'bullmq'

const AT_ONCE = 200
const BULK = 1000

const [url, jobs, atMs, port] = process.argv.slice(2)
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null }
const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE })

const fire = () =>
  new Promise((done, failed) => {
    http
      .get(url, { agent }, (answer) => answer.on('end', done).resume())
      .on('error', failed)
  })

const queue = new Queue('rival', { connection })
for (let from = 0; from < Number(jobs); from += BULK) {
  const size = Math.min(BULK, Number(jobs) - from)
  const delay = Number(atMs) - Date.now()
  await queue.addBulk(
    Array.from({ length: size }, (_, n) => ({
      name: 'fire',
      data: {},
      opts: { jobId: `job-${from + n}`, delay, removeOnComplete: true },
    })),
  )
}
new Worker('rival', fire, { connection, concurrency: AT_ONCE })
console.log('ready')
