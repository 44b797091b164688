import type { Message, MessageState } from '../../api/api-types.js'
import { copyOnClick, startHashButton } from '../../page/buttons.js'
import { copyTemplate, partOf, setText, showText } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'
import { createMessageContent } from './message-content.js'
import { createMessageContext } from './message-context.js'
import { createReactions } from './reactions.js'
import { startRowActions } from './row-actions.js'
import type { RowContext, RowFacts } from './row-context.js'

const BADGES: Record<MessageState, string> = {
  pending: 'Pending',
  synchronized: 'Synchronized',
  quarantined: 'Quarantined',
}

/** One message of the list. `update` changes only what differs, so that focus and selection survive. */
export interface MessageRow {
  readonly element: HTMLElement
  update(message: Message, facts: RowFacts): void
  /** Whether the row holds an unsaved edit, so that it must stay. */
  isEditing(): boolean
}

/** Creates an empty row from the page's template. */
export function createMessageRow(context: RowContext): MessageRow {
  const element = copyTemplate('message-template')
  const content = createMessageContent(element)
  const showContext = createMessageContext(element)
  const reactions = createReactions(element, context)
  const actions = startRowActions(element, { context, reactions })
  const showState = createRowState(element, context)
  const showId = startIdButton(element, context)

  function update(message: Message, facts: RowFacts): void {
    element.dataset.id = String(message.id)
    element.dataset.uid = message.uid
    setText(partOf(element, 'sender', HTMLElement), message.sender)
    showId(message)
    showTime(partOf(element, 'time', HTMLTimeElement), message.timestamp)
    showText(partOf(element, 'edited', HTMLElement), describeEdit(message))
    showContext(message, facts.parent)
    content.update(message)
    reactions.update(message)
    showState(message, facts.quarantineReason)
    actions.update(message)
  }

  return { element, update, isEditing: actions.isEditing }
}

/** The state of a message; it is quarantined if it is not synchronized and has a reason. */
export function stateOf(message: Message, quarantineReason: string | undefined): MessageState {
  if (message.is_synchronized) return 'synchronized'
  return quarantineReason === undefined ? 'pending' : 'quarantined'
}

/** Who edited or deleted a message, if that was done at all. */
export function describeEdit({ version, updated_by, deleted }: Message): string | null {
  if (version === undefined) return null
  const by = updated_by === undefined ? '' : ` by ${updated_by}`
  return deleted ? `deleted${by}` : `edited${by}`
}

/** The badge or the commit of the current version, and the reason of a quarantine. */
function createRowState(
  element: HTMLElement,
  { announce }: RowContext,
): (message: Message, quarantineReason: string | undefined) => void {
  const badge = partOf(element, 'badge', HTMLElement)
  const hash = partOf(element, 'hash', HTMLButtonElement)
  const showHash = startHashButton(hash, announce)

  return function showState(message, quarantineReason) {
    const state = stateOf(message, quarantineReason)
    element.dataset.state = state
    setText(badge, BADGES[state])
    showText(
      partOf(element, 'reason', HTMLElement),
      state === 'quarantined' ? (quarantineReason ?? null) : null,
    )
    badge.hidden = message.git_hash !== null
    hash.hidden = message.git_hash === null
    element.toggleAttribute('data-deleted', message.deleted === true)
    if (message.git_hash === null) delete element.dataset.hash
    else {
      element.dataset.hash = message.git_hash
      showHash(message.git_hash)
    }
  }
}

/** The id, which copies the uid: filters, replies and other servers use it. */
function startIdButton(element: HTMLElement, { announce }: RowContext): (message: Message) => void {
  const button = partOf(element, 'id', HTMLButtonElement)
  const label = partOf(button, 'label', HTMLElement)
  copyOnClick(button, () => button.title, announce)

  return function showId({ id, uid }) {
    setText(label, `#${id}`)
    button.title = uid
    button.setAttribute('aria-label', `#${id}, copy the uid`)
  }
}
