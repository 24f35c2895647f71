// The page in a real browser, against the server at BASE_URL, or against one
// started from the binary SERVER on a free port with an empty database.
// Runs the files of e2e/checks in the order of their names, or those named as
// arguments. CHROMIUM: browser to use; SCREENSHOT_DIR: where to put pictures,
// if anywhere.
import { readdir } from 'node:fs/promises'
import { openBrowser } from './browser.mjs'
import { startServer } from './server.mjs'
import { startTarget } from './target.mjs'

const server = process.env.SERVER ? await startServer(process.env.SERVER) : undefined
const base = new URL(server?.url ?? process.env.BASE_URL ?? 'http://127.0.0.1:8000/')
const target = await startTarget()
const browser = await openBrowser(base)

let passed = 0
let failed = 0

async function check(name, steps) {
  try {
    await steps()
    passed += 1
    console.log(`ok      ${name}`)
  } catch (error) {
    failed += 1
    console.log(`FAILED  ${name}\n        ${error.message.replaceAll('\n', '\n        ')}`)
  }
}

const folder = new URL('checks/', import.meta.url)
const wanted = process.argv.slice(2).map((name) => `${name}.mjs`)
const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort()
for (const file of wanted.length > 0 ? wanted : files) {
  console.log(`-- ${file}`)
  const { default: run } = await import(new URL(file, folder))
  await run({ check, base, target, server, ...browser })
}

await browser.close()
await target.stop()
await server?.stop()
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
