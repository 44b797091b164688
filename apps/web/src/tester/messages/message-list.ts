import type { Message } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { shortHash } from '../../page/buttons.js'
import { elementById } from '../../page/elements.js'
import { createMessageRow, type MessageRow } from './message-row.js'
import type { QuarantineReasons } from './quarantine.js'

/** The messages of the current page. */
export interface MessageList {
  /** Makes the list hold exactly these messages, newest first; rows that stay are updated in place. */
  show(messages: readonly Message[], reasons: QuarantineReasons): void
  /** Adds a message that was just accepted on top, unless the list has it already. */
  prepend(message: Message): void
}

/** Creates the list, with one row per message id. */
export function createMessageList(announce: Announce): MessageList {
  const list = elementById('messages', HTMLOListElement)
  const rows = new Map<number, MessageRow>()

  function rowOf(id: number): MessageRow {
    const row = rows.get(id) ?? createMessageRow(announce)
    rows.set(id, row)
    return row
  }

  function removeRowsExcept(messages: readonly Message[]): void {
    const kept = new Set(messages.map(({ id }) => id))
    for (const [id, { element }] of rows) {
      if (kept.has(id)) continue
      // The keyboard focus must not fall back to the top of the page when its row is removed.
      if (element.contains(document.activeElement)) elementById('messages-heading', HTMLElement).focus()
      element.remove()
      rows.delete(id)
    }
  }

  return {
    show(messages, reasons) {
      announceSynchronized(messages, rows, announce)
      removeRowsExcept(messages)
      let place = list.firstElementChild
      for (const message of messages) {
        const row = rowOf(message.id)
        row.update(message, reasons.get(message.id))
        // Messages never change their order, so a row that is in the list is never moved.
        if (row.element === place) place = place.nextElementSibling
        else list.insertBefore(row.element, place)
      }
      list.setAttribute('aria-busy', 'false')
    },

    prepend(message) {
      if (rows.has(message.id)) return
      const row = rowOf(message.id)
      row.update(message, undefined)
      list.prepend(row.element)
    },
  }
}

function announceSynchronized(
  messages: readonly Message[],
  rows: ReadonlyMap<number, MessageRow>,
  announce: Announce,
): void {
  const synchronized = messages.filter(
    ({ id, is_synchronized }) => is_synchronized && rows.get(id)?.element.dataset.state === 'pending',
  )
  const [first] = synchronized
  if (synchronized.length > 1) announce(`${synchronized.length} messages are now in the repository`)
  else if (first) {
    announce(`Message ${first.id} is now in the repository, as commit ${shortHash(first.git_hash ?? '')}`)
  }
}
