import type { ApiClient, Draft } from '../../api/api-client.js'
import type { HeldMessage, Message, PostedMessage } from '../../api/api-types.js'
import { createIdempotencyKeys } from '../../api/idempotency-keys.js'
import type { Announce } from '../../page/announcer.js'
import { setBusy } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'
import { clearFieldErrors, showFieldError } from '../../page/field-errors.js'
import { describeLength, loadSender, saveSender } from './draft.js'
import { startPreview } from './preview.js'
import { createReplyBar } from './reply-bar.js'

interface SendFormOptions {
  readonly client: Pick<ApiClient, 'send'>
  readonly announce: Announce
  /** Called when the server has accepted the message, which is then pending. */
  readonly onAccepted: () => void
}

const HELD = 'Held: a moderator has to approve it before it is published'

/** The form that posts a message. */
export interface SendForm {
  /** Makes the next message a reply, and takes the user to its content; `null` makes it no reply. */
  replyTo(message: Message | null): void
  /** Sends under the handle of an account, which cannot be edited; `null`: under any name again. */
  useHandle(handle: string | null): void
  /** The sender that the user has entered; empty if there is none. */
  sender(): string
  /** Takes the user to the sender, which another action needs. */
  askForSender(): void
}

/** Starts the form. Only the server validates the input: this is a tester. */
export function startSendForm({ client, announce, onAccepted }: SendFormOptions): SendForm {
  const form = elementById('send-form', HTMLFormElement)
  const content = elementById('content', HTMLTextAreaElement)
  const sender = elementById('sender', HTMLInputElement)
  const button = elementById('send', HTMLButtonElement)
  const outcome = elementById('send-outcome', HTMLElement)
  const keys = createIdempotencyKeys()
  const replyBar = createReplyBar()
  const updatePreview = startPreview()
  let sending = false

  function showOutcome(text: string, tone: 'good' | 'bad'): void {
    setText(outcome, text)
    outcome.dataset.tone = tone
    outcome.hidden = false
    announce(text)
  }

  function readDraft(): Draft {
    const topic = elementById('topic', HTMLInputElement).value
    const format = elementById('format', HTMLSelectElement).value
    const target = replyBar.target()
    return {
      content: content.value,
      sender: sender.value,
      ...(format === 'markdown' && { format }),
      ...(topic !== '' && { topic }),
      ...(target !== null && { reply_to: target.uid }),
    }
  }

  function finish(result: PostedMessage | HeldMessage, draft: Draft): void {
    keys.markAccepted()
    if (!sender.readOnly) saveSender(draft.sender)
    // Text that was typed while the message was in flight is kept.
    if (content.value === draft.content) content.value = ''
    if (replyBar.target()?.uid === draft.reply_to) replyBar.set(null)
    showLength()
    updatePreview()
    showOutcome(isHeld(result) ? HELD : `Accepted as message ${result.message_id}`, 'good')
    if (!isHeld(result)) onAccepted()
  }

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    setBusy(button, 'Sending…')
    clearFieldErrors(form)
    outcome.hidden = true
    const draft = readDraft()
    const result = await client.send(draft, keys.keyFor(draft))
    sending = false
    setBusy(button, null)
    if (result.kind === 'success') finish(result.value, draft)
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

  return {
    replyTo(message) {
      replyBar.set(message)
      if (message === null) return
      announce(`Reply to message ${message.id} by ${message.sender}`)
      content.focus()
    },
    useHandle(handle) {
      sender.readOnly = handle !== null
      sender.value = handle ?? loadSender()
    },
    sender: () => sender.value,
    askForSender() {
      showFieldError(form, { code: 'missing', message: 'Enter a sender first.', field: 'sender' })
      announce('Enter a sender first')
    },
  }
}

const isHeld = (outcome: PostedMessage | HeldMessage): outcome is HeldMessage => outcome.status === 'held'
