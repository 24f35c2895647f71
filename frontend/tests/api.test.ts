import { describe, expect, it } from 'vitest'
import { ApiError, refusal, transportError } from '@/api/error'

describe('refusal', () => {
  it('tells each fault with its field', () => {
    const error = refusal(422, {
      type: 'urn:schedule-server:problem:invalid',
      title: 'The input breaks rules',
      status: 422,
      detail: '1 fault: trigger.timezone',
      errors: [{ field: 'trigger.timezone', rule: 'unknown time zone "X"', value: 'X' }],
    })
    expect(error).toMatchObject({ kind: 'problem', status: 422, code: 'invalid' })
    expect(error.message).toBe('trigger.timezone: unknown time zone "X"')
    expect(error.faults[0]?.field).toBe('trigger.timezone')
  })

  it.each([[undefined], ['<html>'], [{ detail: 'x' }], [null]])('is no problem: %o', (body) => {
    expect(refusal(502, body)).toMatchObject({ kind: 'malformed', message: '502', faults: [] })
  })
})

describe('transportError', () => {
  it('tells a timeout from a server that is away', () => {
    expect(transportError(new DOMException('', 'TimeoutError'))).toMatchObject({ kind: 'timeout' })
    expect(transportError(new TypeError('Failed to fetch'))).toMatchObject({ kind: 'network' })
  })

  it('leaves a cancelled call as it is', () => {
    const abort = new DOMException('', 'AbortError')
    expect(transportError(abort)).toBe(abort)
    expect(transportError(abort)).not.toBeInstanceOf(ApiError)
  })
})
