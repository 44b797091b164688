import type { Message } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { elementById } from '../page/elements.js'
import { shortHash } from '../page/hash-button.js'
import { createMessageRow, type MessageRow } from './message-row.js'

/** Why messages are in quarantine, by id. */
export type QuarantineReasons = ReadonlyMap<number, string>

/** The messages of the page that is looked at. */
export interface MessageList {
  /** Makes the list hold exactly these, newest first; rows that stay are updated where they are. */
  show(messages: readonly Message[], reasons: QuarantineReasons): void
  /** Puts a message that was just accepted on top, unless the list knows more of it already. */
  prepend(message: Message): void
}

/** The list of messages, one row per id. */
export function createMessageList(announce: Announce): MessageList {
  const list = elementById('messages', HTMLOListElement)
  const rows = new Map<number, MessageRow>()

  function rowOf(id: number): MessageRow {
    const row = rows.get(id) ?? createMessageRow(announce)
    rows.set(id, row)
    return row
  }

  function removeOthers(messages: readonly Message[]): void {
    const staying = new Set(messages.map(({ id }) => id))
    for (const [id, { element }] of rows) {
      if (staying.has(id)) continue
      // The keyboard must not fall to the top of the page with the row it was in.
      if (element.contains(document.activeElement)) elementById('messages-heading', HTMLElement).focus()
      element.remove()
      rows.delete(id)
    }
  }

  return {
    show(messages, reasons) {
      announceSettled(messages, rows, announce)
      removeOthers(messages)
      let place = list.firstElementChild
      for (const message of messages) {
        const row = rowOf(message.id)
        row.update(message, reasons.get(message.id))
        // Rows keep their order for ever, so one that is in the page already is never moved.
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

function announceSettled(
  messages: readonly Message[],
  rows: ReadonlyMap<number, MessageRow>,
  announce: Announce,
): void {
  const settled = messages.filter(
    ({ id, is_synchronized }) => is_synchronized && rows.get(id)?.element.dataset.state === 'pending',
  )
  const [first] = settled
  if (settled.length > 1) announce(`${settled.length} messages are in the repository`)
  else if (first)
    announce(`Message ${first.id} is in the repository, commit ${shortHash(first.git_hash ?? '')}`)
}
