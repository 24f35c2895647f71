// What the jobs of the checks call: answers 200, below `/fail` 500, below
// `/slow` after two seconds.
import { createServer } from 'node:http'

export async function startTarget() {
  const server = createServer((request, response) => {
    response.statusCode = request.url.startsWith('/fail') ? 500 : 200
    setTimeout(() => response.end('{"ok":true}'), request.url.startsWith('/slow') ? 2_000 : 0)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}/`
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url, stop }
}
