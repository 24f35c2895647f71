import { describe, expect, it } from 'vitest'

/** Chinese, Japanese, and full-width punctuation. */
const CJK = /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/

const sources = import.meta.glob<string>(
  ['/src/**/*.{ts,vue,css}', '!/src/i18n/**', '!/src/api/schema.d.ts'],
  {
    query: '?raw',
    import: 'default',
    eager: true,
  },
)

describe('texts', () => {
  it.each(Object.entries(sources))('%s has no Chinese of its own', (_, text) => {
    expect(CJK.exec(text)).toBeNull()
  })
})
