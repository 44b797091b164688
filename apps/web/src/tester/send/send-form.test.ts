import { expect, it, vi } from 'vitest'
import type { ApiClient, Draft } from '../../api/api-client.js'
import { openFakePage } from '../../testing/fake-page.js'
import { success } from '../../testing/row-context.js'
import { sampleMessage } from '../../testing/sample-message.js'
import { startSendForm } from './send-form.js'

// It is shown after a delay, when the page of a test may be gone.
vi.mock('./preview.js', () => ({ startPreview: () => () => {} }))

type SendResult = Awaited<ReturnType<ApiClient['send']>>

const openForm = (...results: SendResult[]) => {
  const { element } = openFakePage()
  const form = Object.assign(element('send-form'), {
    elements: { namedItem: (name: string) => (name === 'content' ? element('content') : null) },
    querySelectorAll: () => [],
  })
  const drafts: Draft[] = []
  const keys: string[] = []
  const send = async (draft: Draft, key: string) => {
    drafts.push(draft)
    keys.push(key)
    return results.shift() as SendResult
  }
  const onAccepted = vi.fn()
  const sendForm = startSendForm({ client: { send }, announce: () => {}, onAccepted })
  element('content').value = 'hello'
  element('sender').value = 'ada'
  const submit = async () => {
    form.dispatchEvent(new Event('submit', { cancelable: true }))
    await vi.waitFor(() => expect(element('send').getAttribute('aria-disabled')).toBeNull())
  }
  return { element, drafts, keys, onAccepted, sendForm, submit }
}

const ACCEPTED: SendResult = success({ status: 'success', message_id: 7 })

it('empties the content once the message is accepted', async () => {
  const { element, onAccepted, submit } = openForm(ACCEPTED)
  await submit()
  expect(element('content').value).toBe('')
  expect(element('send-outcome')).toMatchObject({ textContent: 'Accepted as message 7', hidden: false })
  expect(onAccepted).toHaveBeenCalled()
})

it('tells that a message is held, which no list shows yet', async () => {
  const { element, onAccepted, submit } = openForm(success({ status: 'held', held_id: 3 }))
  await submit()
  expect(element('content').value).toBe('')
  expect(element('send-outcome').textContent).toContain('Held')
  expect(onAccepted).not.toHaveBeenCalled()
})

it('useHandle() sends under the handle of an account, until there is none', () => {
  const { element, sendForm } = openForm()
  sendForm.useHandle('bob')
  expect(element('sender')).toMatchObject({ value: 'bob', readOnly: true })
  sendForm.useHandle(null)
  expect(element('sender')).toMatchObject({ value: '', readOnly: false })
})

it('keeps text that was typed while the message was in flight', async () => {
  const { element, submit } = openForm(ACCEPTED)
  const submitted = submit()
  element('content').value = 'hello again'
  await submitted
  expect(element('content').value).toBe('hello again')
})

it('sends the same draft again with the same idempotency key after a lost response', async () => {
  const { element, drafts, keys, submit } = openForm(
    { kind: 'no-response', problem: 'The request timed out' },
    ACCEPTED,
  )
  await submit()
  expect(element('send-outcome').textContent).toBe(
    'The request timed out. You can safely send again: nothing is sent twice.',
  )
  await submit()
  expect(drafts[1]).toEqual(drafts[0])
  expect(keys[1]).toBe(keys[0])
})

it('shows an error at the field that it names, or else below the form', async () => {
  const { element, submit } = openForm(
    {
      kind: 'http-error',
      status: 422,
      error: { code: 'blank', message: 'content is blank.', field: 'content' },
    },
    { kind: 'http-error', status: 507, error: { code: 'storage_full', message: 'The disk is full.' } },
  )
  await submit()
  expect(element('content-error').textContent).toBe('content is blank.')
  await submit()
  expect(element('send-outcome').textContent).toBe('Not sent: The disk is full.')
})

it('sends the format and the topic only if they are not the default', async () => {
  const { element, drafts, submit } = openForm(ACCEPTED, ACCEPTED)
  await submit()
  element('content').value = '*hello*'
  element('format').value = 'markdown'
  element('topic').value = 'deploys'
  await submit()
  expect(drafts).toEqual([
    { content: 'hello', sender: 'ada' },
    { content: '*hello*', sender: 'ada', format: 'markdown', topic: 'deploys' },
  ])
})

it('sends a reply, which has the topic of its message unless another one is entered', async () => {
  const { element, drafts, sendForm, submit } = openForm(ACCEPTED, ACCEPTED)
  const message = sampleMessage({ topic: 'deploys' })
  element('topic').value = 'builds'
  sendForm.replyTo(message)
  expect(element('reply-bar').hidden).toBe(false)
  expect(element('reply-sender').textContent).toBe('ada')
  expect(element('topic')).toMatchObject({ value: '', placeholder: 'deploys' })
  expect(element('content').focus).toHaveBeenCalled()
  await submit()
  expect(element('reply-bar').hidden).toBe(true)
  element('content').value = 'not a reply'
  await submit()
  expect(drafts).toEqual([
    { content: 'hello', sender: 'ada', reply_to: message.uid },
    { content: 'not a reply', sender: 'ada' },
  ])
})

it('sends no reply once the user has removed it', async () => {
  const { element, drafts, sendForm, submit } = openForm(ACCEPTED)
  sendForm.replyTo(sampleMessage())
  element('remove-reply').click()
  await submit()
  expect(drafts).toEqual([{ content: 'hello', sender: 'ada' }])
})
