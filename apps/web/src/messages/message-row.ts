import type { Message, MessageState } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { elementById, partOf, setText } from '../page/elements.js'
import { startHashButton } from '../page/hash-button.js'
import { showTime } from '../page/time-element.js'
import { isLong } from './long-content.js'

/** One message of the list. `update` changes only what differs, so that focus and selection stay. */
export interface MessageRow {
  readonly element: HTMLLIElement
  update(message: Message, quarantineReason: string | undefined): void
}

const BADGES: Record<MessageState, string> = {
  pending: 'Pending',
  synchronized: 'Synchronized',
  quarantined: 'Quarantined',
}

/** Makes an empty row from the page's template. */
export function createMessageRow(announce: Announce): MessageRow {
  const template = elementById('message-template', HTMLTemplateElement)
  const element = document.importNode(template.content, true).firstElementChild as HTMLLIElement
  const badge = partOf(element, 'badge', HTMLElement)
  const reason = partOf(element, 'reason', HTMLElement)
  const showHash = startHashButton(partOf(element, 'hash', HTMLButtonElement), announce)
  const showAll = startShowAll(element)

  function update(message: Message, quarantineReason: string | undefined): void {
    const state = stateOf(message, quarantineReason)
    element.dataset.id = String(message.id)
    element.dataset.state = state
    setText(partOf(element, 'sender', HTMLElement), message.sender)
    setText(partOf(element, 'id', HTMLElement), `#${message.id}`)
    showTime(partOf(element, 'time', HTMLTimeElement), message.timestamp)
    setText(partOf(element, 'content', HTMLElement), message.content)
    showAll(isLong(message.content))
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

function stateOf(message: Message, quarantineReason: string | undefined): MessageState {
  if (message.is_synchronized) return 'synchronized'
  return quarantineReason === undefined ? 'pending' : 'quarantined'
}

function startShowAll(element: HTMLElement): (long: boolean) => void {
  const button = partOf(element, 'show-all', HTMLButtonElement)
  button.addEventListener('click', () => {
    const expanded = button.getAttribute('aria-expanded') !== 'true'
    button.setAttribute('aria-expanded', String(expanded))
    button.textContent = expanded ? 'Show less' : 'Show all'
  })
  return (long) => {
    button.hidden = !long
    element.classList.toggle('is-long', long)
  }
}
