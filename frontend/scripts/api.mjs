// Writes src/api/schema.d.ts from the server's OpenAPI document, which its own
// tests keep as a snapshot. With --check it only says whether that is current.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const snapshot = new URL(
  '../../tests/it/api/snapshots/it__api__openapi__the_document_is_as_agreed.snap',
  import.meta.url,
)
const target = new URL('../src/api/schema.d.ts', import.meta.url)

/** A snapshot is its document behind a header between two lines of dashes. */
function documentOf(text) {
  return JSON.parse(text.split(/^---$/m).slice(2).join('---'))
}

const document = documentOf(await readFile(snapshot, 'utf8'))
const head = '// Written by `npm run api` from the OpenAPI document. Do not edit.\n\n'
const types = head + astToString(await openapiTS(document, { defaultNonNullable: false }))

if (!process.argv.includes('--check')) {
  await writeFile(target, types)
} else if (types !== (await readFile(target, 'utf8'))) {
  process.stderr.write('src/api/schema.d.ts is not current: run `npm run api`\n')
  process.exitCode = 1
}
