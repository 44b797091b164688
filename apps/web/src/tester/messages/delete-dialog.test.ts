import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../../api/api-client.js'
import { openFakePage } from '../../testing/fake-page.js'
import { httpError, success } from '../../testing/row-context.js'
import { detailedMessage, sampleMessage } from '../../testing/sample-message.js'
import { createDeleteDialog } from './delete-dialog.js'

type RemoveResult = Awaited<ReturnType<ApiClient['remove']>>

const openDialog = (...results: RemoveResult[]) => {
  const { element, document } = openFakePage()
  const remove = vi.fn(async (_target: object) => results.shift() as RemoveResult)
  const newer = detailedMessage(1, { version: 2, content: 'newer' })
  const onDeleted = vi.fn()
  const { open } = createDeleteDialog({
    client: { remove, message: async () => success(newer) },
    announce: vi.fn(),
    onDeleted,
  })
  const confirm = async () => {
    element('confirm-delete').click()
    await vi.waitFor(() => expect(element('confirm-delete').getAttribute('aria-disabled')).toBeNull())
  }
  return { element, document, remove, onDeleted, open, confirm }
}

it('asks before it deletes the version that the user has read', async () => {
  const { element, remove, onDeleted, open, confirm } = openDialog(success(null))
  open(sampleMessage())
  expect(element('delete-dialog').showModal).toHaveBeenCalled()
  expect(element('delete-question').textContent).toBe('Delete message 1 by ada?')
  expect(element('delete-excerpt').textContent).toBe('hello')
  expect(remove).not.toHaveBeenCalled()
  await confirm()
  expect(remove).toHaveBeenCalledWith(sampleMessage())
  expect(element('delete-dialog').close).toHaveBeenCalled()
  expect(onDeleted).toHaveBeenCalled()
})

it('asks again if the message was edited meanwhile', async () => {
  const { element, remove, onDeleted, open, confirm } = openDialog(
    httpError(412, 'version_conflict'),
    success(null),
  )
  open(sampleMessage())
  await confirm()
  await vi.waitFor(() => expect(element('delete-excerpt').textContent).toBe('newer'))
  expect(element('delete-problem').textContent).toBe('Version 2 was saved meanwhile. This is its text.')
  expect(onDeleted).not.toHaveBeenCalled()
  await confirm()
  expect(remove).toHaveBeenLastCalledWith(expect.objectContaining({ version: 2 }))
  expect(onDeleted).toHaveBeenCalled()
})

it('stays open and reports any other failure', async () => {
  const { element, open, confirm } = openDialog(httpError(403, 'sender_not_allowed'))
  open(sampleMessage())
  await confirm()
  expect(element('delete-problem')).toMatchObject({
    textContent: 'Not deleted: sender_not_allowed.',
    hidden: false,
  })
  expect(element('delete-dialog').close).not.toHaveBeenCalled()
})

it.each([
  ['stays', true, 0],
  ['is gone', false, 1],
])('leaves the focus somewhere: what had it %s', (_, isConnected, timesOnHeading) => {
  const { element, document, open } = openDialog()
  document.activeElement = { isConnected }
  open(sampleMessage())
  element('delete-dialog').dispatchEvent(new Event('close'))
  expect(element('messages-heading').focus).toHaveBeenCalledTimes(timesOnHeading)
})
