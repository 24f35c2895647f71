import { describe, expect, it } from 'vitest'
import { preferredLocale } from '@/i18n'
import enMessages from '@/i18n/en'
import { parts } from '@/i18n/parts'
import zhMessages from '@/i18n/zh'

function entries(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([key, value]: [string, string | object]) =>
    typeof value === 'string' ? [[path + key, value]] : entries(value, `${path}${key}.`),
  )
}

const both = Object.entries(parts)
const enParts = await Promise.all(both.map(([, { en }]) => en()))
const zhParts = await Promise.all(both.map(([, { 'zh-CN': zh }]) => zh()))

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort()

describe('catalogues', () => {
  const en = [enMessages, ...enParts].flatMap((texts) => entries(texts))
  const zh = new Map([zhMessages, ...zhParts].flatMap((texts) => entries(texts)))

  it('have each name once, whatever is loaded', () => {
    const names = [enMessages, ...enParts].flatMap((texts) => Object.keys(texts))
    expect(new Set(names).size).toBe(names.length)
  })

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
