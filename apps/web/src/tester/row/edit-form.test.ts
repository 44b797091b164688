import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../../api/api-client.js'
import type { Message } from '../../api/api-types.js'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { httpError, openRowContext, success } from '../../testing/row-context.js'
import { detailedMessage, sampleMessage } from '../../testing/sample-message.js'
import { createEditForm } from './edit-form.js'

type EditResult = Awaited<ReturnType<ApiClient['edit']>>

const openForm = (message: Message, ...results: EditResult[]) => {
  openFakePage()
  const edit = vi.fn(async (..._parameters: Parameters<ApiClient['edit']>) => results.shift() as EditResult)
  const newer = detailedMessage(1, { version: 3, content: 'hello there', sender: 'bob' })
  const context = openRowContext({ edit, message: async () => success(newer) })
  const onClose = vi.fn()
  const form = createEditForm({ message, context, onClose }) as unknown as FakeElement
  const submit = async () => {
    form.dispatchEvent(new Event('submit', { cancelable: true }))
    await vi.waitFor(() => expect(form.part('save').getAttribute('aria-disabled')).toBeNull())
  }
  const press = (key: string, options = {}) =>
    form.dispatchEvent(Object.assign(new Event('keydown'), { key, isComposing: false, ...options }))
  return { form, edit, context, onClose, submit, press }
}

it('saves the content, and what else was changed, on the version that the user has read', async () => {
  const saved = detailedMessage(1, { version: 3 })
  const message = sampleMessage({ version: 2, topic: 'deploys', format: 'markdown' })
  const { form, edit, onClose, submit } = openForm(message, success(saved))
  expect([form.part('content').value, form.part('topic').value]).toEqual(['hello', 'deploys'])
  form.part('topic').value = ''
  form.part('content').value = 'changed'
  await submit()
  expect(edit).toHaveBeenCalledWith(message, { content: 'changed', topic: null }, expect.any(String))
  expect(onClose).toHaveBeenCalledWith(saved)
})

it('shows a newer version, keeps the draft, and saves it over that version', async () => {
  const { form, edit, onClose, submit } = openForm(
    sampleMessage(),
    httpError(412, 'version_conflict'),
    success(detailedMessage(1, { version: 4 })),
  )
  form.part('content').value = 'my draft'
  await submit()
  await vi.waitFor(() => expect(form.part('conflict').hidden).toBe(false))
  expect(form.part('conflict-note').textContent).toContain('Version 3 by bob')
  expect(form.part('conflict-text').content).toMatchObject(['hello', { tag: 'ins', textContent: ' there' }])
  expect(form.part('content').value).toBe('my draft')
  expect(form.part('save').textContent).toBe('Save over version 3')
  expect(onClose).not.toHaveBeenCalled()
  await submit()
  expect(edit.mock.calls.map(([{ version }]) => version)).toEqual([undefined, 3])
  expect(edit.mock.calls[1]?.[2]).not.toBe(edit.mock.calls[0]?.[2])
  expect(onClose).toHaveBeenCalled()
})

it('saves again with the same idempotency key after a lost response', async () => {
  const lost: EditResult = { kind: 'no-response', problem: 'The request timed out' }
  const { form, edit, submit } = openForm(sampleMessage(), lost, success(detailedMessage(1, {})))
  await submit()
  expect(form.part('problem').textContent).toBe(
    'Not saved: The request timed out. You can safely save again.',
  )
  await submit()
  expect(edit.mock.calls[1]?.[2]).toBe(edit.mock.calls[0]?.[2])
})

it('marks the field that an error names', async () => {
  const { form, submit } = openForm(sampleMessage(), httpError(422, 'invalid_field', 'topic'))
  await submit()
  expect(form.part('topic').getAttribute('aria-invalid')).toBe('true')
  expect(form.part('topic').focus).toHaveBeenCalled()
  expect(form.part('content').getAttribute('aria-invalid')).toBeNull()
})

it('is canceled by Escape and saved by Ctrl or Cmd with Enter, but not while a character is composed', async () => {
  const { edit, onClose, press } = openForm(sampleMessage(), success(detailedMessage(1, {})))
  press('Escape', { isComposing: true })
  press('Enter', { ctrlKey: true, isComposing: true })
  press('Enter')
  expect(onClose).not.toHaveBeenCalled()
  press('Escape')
  expect(onClose).toHaveBeenCalledWith()
  press('Enter', { metaKey: true })
  await vi.waitFor(() => expect(edit).toHaveBeenCalledTimes(1))
})
