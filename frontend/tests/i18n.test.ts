import { describe, expect, it } from 'vitest'
import { messages, preferredLocale } from '@/i18n'

function entries(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[path + key, value]] : entries(value, `${path}${key}.`),
  )
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

describe('catalogues', () => {
  const en = entries(messages.en)
  const zh = new Map(entries(messages['zh-CN']))

  it('have the same keys', () => {
    expect([...zh.keys()].sort()).toEqual(en.map(([key]) => key).sort())
  })

  it.each(en)('%s has text and the same placeholders in both', (key, text) => {
    expect(text).not.toBe('')
    expect(zh.get(key)).not.toBe('')
    expect(placeholders(zh.get(key) ?? '')).toEqual(placeholders(text))
  })
})

describe('preferredLocale', () => {
  it.each([
    [['zh-CN', 'en'], 'zh-CN'],
    [['zh-TW'], 'zh-CN'],
    [['en-GB', 'zh-CN'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('%o starts in %s', (languages, locale) => {
    expect(preferredLocale(languages)).toBe(locale)
  })
})
