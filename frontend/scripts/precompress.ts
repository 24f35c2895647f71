import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Smaller files gain nothing worth a second copy in the binary. */
const LEAST_BYTES = 1_024

/**
 * Puts `x.js.br` and `x.js.gz` beside each `x.js` and style sheet: the server
 * sends them as they are, and never compresses anything itself.
 */
export function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const files = Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name))
      await Promise.all(files.map((name) => compress(join(dir, name))))
    },
  }
}

async function compress(path: string): Promise<void> {
  const plain = await readFile(path)
  if (plain.length < LEAST_BYTES) return
  await writeFile(`${path}.br`, brotliCompressSync(plain))
  await writeFile(`${path}.gz`, gzipSync(plain, { level: 9 }))
}
