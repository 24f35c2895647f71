import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import JobForm from '@/components/JobForm.vue'
import { i18n, setLocale } from '@/i18n'
import { answer, envelope, job } from './jobs'

const fetch = vi.fn<typeof globalThis.fetch>()

beforeEach(() => {
  setLocale('en')
  fetch.mockReset()
  vi.stubGlobal('fetch', fetch)
})

afterEach(() => {
  vi.unstubAllGlobals()
})

async function submitted(editing = null as ReturnType<typeof job> | null) {
  const form = mount(JobForm, {
    props: { editing },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
  if (!editing) await form.get('[name=job_id]').setValue('a')
  await form.get('[name=url]').setValue('http://target.example/')
  await form.get('form').trigger('submit')
  await flushPromises()
  return form
}

it('adds a job whose id is free', async () => {
  fetch
    .mockResolvedValueOnce(envelope({ task_list: [], total: 0 }))
    .mockResolvedValueOnce(envelope({ job_id: 'a' }))
  const form = await submitted()
  expect(form.emitted('saved')).toEqual([['a']])
})

it('asks before it overwrites, and does so after a yes', async () => {
  fetch
    .mockResolvedValueOnce(envelope({ task_list: [job()], total: 1 }))
    .mockResolvedValueOnce(envelope({ job_id: 'a' }))
  const form = await submitted()
  expect(form.emitted('saved')).toBeUndefined()
  expect(form.text()).toContain('A job “a” already exists')
  expect(document.activeElement?.textContent).toBe('Back to the form')
  await form.get('.button-danger').trigger('click')
  await flushPromises()
  expect(form.emitted('saved')).toEqual([['a']])
})

it('shows a fault told by the server at its field and goes there', async () => {
  const detail = [{ type: 'value_error', loc: ['body', 'minute'], msg: 'bad minute', input: 'x' }]
  fetch.mockResolvedValueOnce(answer({ detail }, 422))
  const form = await submitted(job())
  const minute = form.get('[name=minute]')
  expect(minute.attributes('aria-invalid')).toBe('true')
  const faultId = minute.attributes('aria-describedby') ?? ''
  expect(document.getElementById(faultId)?.textContent).toBe('bad minute')
  expect(document.activeElement).toBe(minute.element)
})

it('shows other faults above the buttons', async () => {
  fetch.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  const form = await submitted(job())
  expect(form.get('[role=alert]').text()).toBe('The server cannot be reached.')
})
