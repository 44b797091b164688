import type { Message, MessageState } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { startHashButton } from '../../page/buttons.js'
import { elementById, partOf, setText } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'

const MAX_COLLAPSED_LINES = 10
const MAX_COLLAPSED_CHARACTERS = 800

const BADGES: Record<MessageState, string> = {
  pending: 'Pending',
  synchronized: 'Synchronized',
  quarantined: 'Quarantined',
}

/** One message of the list. `update` changes only what differs, so that focus and selection survive. */
export interface MessageRow {
  readonly element: HTMLLIElement
  update(message: Message, quarantineReason: string | undefined): void
}

/** Creates an empty row from the page's template. */
export function createMessageRow(announce: Announce): MessageRow {
  const template = elementById('message-template', HTMLTemplateElement)
  const element = document.importNode(template.content, true).firstElementChild as HTMLLIElement
  const badge = partOf(element, 'badge', HTMLElement)
  const reason = partOf(element, 'reason', HTMLElement)
  const showHash = startHashButton(partOf(element, 'hash', HTMLButtonElement), announce)
  const setLong = startShowAllButton(element)

  function update(message: Message, quarantineReason: string | undefined): void {
    const state = stateOf(message, quarantineReason)
    element.dataset.id = String(message.id)
    element.dataset.state = state
    setText(partOf(element, 'sender', HTMLElement), message.sender)
    setText(partOf(element, 'id', HTMLElement), `#${message.id}`)
    showTime(partOf(element, 'time', HTMLTimeElement), message.timestamp)
    setText(partOf(element, 'content', HTMLElement), message.content)
    setLong(isLong(message.content))
    setText(badge, BADGES[state])
    setText(reason, quarantineReason ?? '')
    reason.hidden = state !== 'quarantined'
    if (message.git_hash === null) return
    element.dataset.hash = message.git_hash
    badge.hidden = true
    showHash(message.git_hash)
  }

  return { element, update }
}

/** The state of a message; it is quarantined if it is not synchronized and has a reason. */
export function stateOf(message: Message, quarantineReason: string | undefined): MessageState {
  if (message.is_synchronized) return 'synchronized'
  return quarantineReason === undefined ? 'pending' : 'quarantined'
}

/** Whether the list shows only the beginning of this content until the user expands it. */
export function isLong(content: string): boolean {
  if (content.length > MAX_COLLAPSED_CHARACTERS) return true
  return content.split('\n', MAX_COLLAPSED_LINES + 1).length > MAX_COLLAPSED_LINES
}

function startShowAllButton(element: HTMLElement): (long: boolean) => void {
  const button = partOf(element, 'show-all', HTMLButtonElement)

  function toggle(): void {
    const expanded = button.getAttribute('aria-expanded') !== 'true'
    button.setAttribute('aria-expanded', String(expanded))
    button.textContent = expanded ? 'Show less' : 'Show all'
  }

  button.addEventListener('click', toggle)

  return function setLong(long) {
    button.hidden = !long
    element.classList.toggle('is-long', long)
  }
}
