import type { ApiClient } from '../api/api-client.js'
import type { Message } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { setBusy } from '../page/busy.js'
import { elementById, setText } from '../page/elements.js'
import { clearFieldErrors, showFieldError } from '../page/field-errors.js'
import { createAttemptKeys } from './attempt-key.js'
import { describeLength } from './code-points.js'
import { recallSender, rememberSender } from './remembered-sender.js'

interface SendFormOptions {
  readonly client: ApiClient
  readonly announce: Announce
  /** The server has the message; it is pending. */
  readonly onAccepted: (message: Message) => void
}

/** The form that posts a message. The server judges the input: this is a tester. */
export function startSendForm({ client, announce, onAccepted }: SendFormOptions): void {
  const form = elementById('send-form', HTMLFormElement)
  const content = elementById('content', HTMLTextAreaElement)
  const sender = elementById('sender', HTMLInputElement)
  const button = elementById('send', HTMLButtonElement)
  const outcome = elementById('send-outcome', HTMLElement)
  const keys = createAttemptKeys()
  let sending = false

  function tell(text: string, tone: 'good' | 'bad'): void {
    setText(outcome, text)
    outcome.dataset.tone = tone
    outcome.hidden = false
    announce(text)
  }

  function accepted(id: number, draft: { content: string; sender: string }): void {
    keys.accepted()
    rememberSender(draft.sender)
    // Whoever typed on while the message was under way keeps the new words.
    if (content.value === draft.content) content.value = ''
    showLength(content)
    tell(`Accepted as message ${id}`, 'good')
    onAccepted({ id, ...draft, timestamp: new Date().toISOString(), git_hash: null, is_synchronized: false })
  }

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    setBusy(button, 'Sending…')
    clearFieldErrors(form)
    outcome.hidden = true
    const draft = { content: content.value, sender: sender.value }
    const answer = await client.send({ ...draft, key: keys.keyFor(draft.content, draft.sender) })
    sending = false
    setBusy(button, null)
    if (answer.kind === 'success') accepted(answer.value.message_id, draft)
    else if (answer.kind === 'unanswered')
      tell(`${answer.problem}. Sending again is safe: it cannot double.`, 'bad')
    else if (showFieldError(form, answer.error)) announce(answer.error.message)
    else tell(`Not accepted: ${answer.error.message}`, 'bad')
  }

  sender.value = recallSender()
  content.addEventListener('input', () => showLength(content))
  content.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send()
  })
}

function showLength(content: HTMLTextAreaElement): void {
  const counter = elementById('content-counter', HTMLElement)
  const length = describeLength(content.value)
  counter.hidden = length === null
  counter.classList.toggle('too-long', length?.tooLong ?? false)
  setText(counter, length?.text ?? '')
}
