import type { Message } from '../../api/api-types.js'
import { elementById, setText } from '../../page/elements.js'

const MAX_EXCERPT_CHARACTERS = 120

/** The message that the next one replies to. */
export interface ReplyBar {
  /** `null` if the next message is not a reply. */
  target(): Message | null
  set(message: Message | null): void
}

/** Creates the bar above the form; it is hidden unless the user replies to something. */
export function createReplyBar(): ReplyBar {
  const bar = elementById('reply-bar', HTMLElement)
  const topic = elementById('topic', HTMLInputElement)
  let target: Message | null = null

  function set(message: Message | null): void {
    target = message
    bar.hidden = message === null
    // An empty field gives the reply the topic of its message, which the placeholder shows.
    topic.placeholder = message?.topic ?? 'None'
    if (message) topic.value = ''
    const excerpt = (message?.content ?? '').slice(0, MAX_EXCERPT_CHARACTERS)
    setText(elementById('reply-sender', HTMLElement), message?.sender ?? '')
    setText(elementById('reply-id', HTMLElement), message ? `#${message.id}` : '')
    setText(elementById('reply-excerpt', HTMLElement), excerpt)
  }

  function remove(): void {
    set(null)
    elementById('content', HTMLTextAreaElement).focus()
  }

  elementById('remove-reply', HTMLButtonElement).addEventListener('click', remove)

  return { target: () => target, set }
}
