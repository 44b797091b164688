import type { ApiClient } from '../../api/api-client.js'
import type { Message } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { setBusy } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'
import { clearFieldErrors, showFieldError } from '../../page/field-errors.js'
import { createIdempotencyKeys, describeLength, loadSender, saveSender } from './draft.js'

interface SendFormOptions {
  readonly client: ApiClient
  readonly announce: Announce
  /** Called when the server has accepted the message, which is then pending. */
  readonly onAccepted: (message: Message) => void
}

/** Starts the form that posts a message. Only the server validates the input: this is a tester. */
export function startSendForm({ client, announce, onAccepted }: SendFormOptions): void {
  const form = elementById('send-form', HTMLFormElement)
  const content = elementById('content', HTMLTextAreaElement)
  const sender = elementById('sender', HTMLInputElement)
  const button = elementById('send', HTMLButtonElement)
  const outcome = elementById('send-outcome', HTMLElement)
  const keys = createIdempotencyKeys()
  let sending = false

  function showOutcome(text: string, tone: 'good' | 'bad'): void {
    setText(outcome, text)
    outcome.dataset.tone = tone
    outcome.hidden = false
    announce(text)
  }

  function finish(id: number, draft: { content: string; sender: string }): void {
    keys.markAccepted()
    saveSender(draft.sender)
    // Text that was typed while the message was in flight is kept.
    if (content.value === draft.content) content.value = ''
    showLength()
    showOutcome(`Accepted as message ${id}`, 'good')
    onAccepted({ id, ...draft, timestamp: new Date().toISOString(), git_hash: null, is_synchronized: false })
  }

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    setBusy(button, 'Sending…')
    clearFieldErrors(form)
    outcome.hidden = true
    const draft = { content: content.value, sender: sender.value }
    const result = await client.send({ ...draft, key: keys.keyFor(draft.content, draft.sender) })
    sending = false
    setBusy(button, null)
    if (result.kind === 'success') finish(result.value.message_id, draft)
    else if (result.kind === 'no-response')
      showOutcome(`${result.problem}. You can safely send again: nothing is sent twice.`, 'bad')
    else if (showFieldError(form, result.error)) announce(result.error.message)
    else showOutcome(`Not sent: ${result.error.message}`, 'bad')
  }

  function showLength(): void {
    const counter = elementById('content-counter', HTMLElement)
    const length = describeLength(content.value)
    counter.hidden = length === null
    counter.classList.toggle('too-long', length?.tooLong ?? false)
    setText(counter, length?.text ?? '')
  }

  function submitOnShortcut(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault()
    void send()
  }

  sender.value = loadSender()
  content.addEventListener('input', showLength)
  content.addEventListener('keydown', submitOnShortcut)
  form.addEventListener('submit', submit)
}
