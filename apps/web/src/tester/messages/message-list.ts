import type { Message } from '../../api/api-types.js'
import { elementById } from '../../page/elements.js'
import { createMessageRow, type MessageRow } from '../row/message-row.js'
import type { RowContext } from '../row/row-context.js'
import type { News } from './news.js'
import type { ParentsByUid } from './parents.js'
import type { QuarantineReasons } from './quarantine.js'

/** What is known about the messages of a page beside the messages themselves. */
export interface ListFacts {
  readonly reasons: QuarantineReasons
  readonly parents: ParentsByUid
}

/** The messages of the current page. */
export interface MessageList {
  /** Makes the list hold exactly these messages, in this order; rows that stay are updated in place. */
  show(messages: readonly Message[], facts: ListFacts): void
  /** Removes all messages, and drafts of edits. */
  clear(): void
  /**
   * Marks one message, given by its id or uid, and scrolls to it; `null` for none. It takes the focus from the heading,
   * where following a link leaves it. Returns whether the message is there.
   */
  mark(key: string | null): boolean
}

/** Creates the list, with one row per message id. */
export function createMessageList(context: RowContext, news: News): MessageList {
  const list = elementById('messages', HTMLOListElement)
  const rows = new Map<number, MessageRow>()

  function rowOf(id: number): MessageRow {
    const row = rows.get(id) ?? createMessageRow(context)
    rows.set(id, row)
    return row
  }

  function isSynchronizedNow({ id, is_synchronized }: Message): boolean {
    return is_synchronized && rows.get(id)?.element.dataset.state === 'pending'
  }

  function removeRows(isKept: (id: number, row: MessageRow) => boolean): void {
    for (const [id, row] of rows) {
      if (isKept(id, row)) continue
      const { element } = row
      // The keyboard focus must not fall back to the top of the page when its row is removed.
      if (element.contains(document.activeElement)) elementById('messages-heading', HTMLElement).focus()
      element.remove()
      rows.delete(id)
    }
  }

  return {
    show(messages, { reasons, parents }) {
      news.synchronized(messages.filter(isSynchronizedNow))
      const ids = new Set(messages.map(({ id }) => id))
      // A draft is never lost, even if its message is deleted or moves to another page.
      removeRows((id, row) => ids.has(id) || row.isEditing())
      let place = list.firstElementChild
      for (const message of messages) {
        const row = rowOf(message.id)
        const parent = message.reply_to === undefined ? undefined : parents.get(message.reply_to)
        row.update(message, { quarantineReason: reasons.get(message.id), parent })
        // A row that is in its place is never moved, because that would take away its focus.
        if (row.element === place) place = place.nextElementSibling
        else list.insertBefore(row.element, place)
      }
      list.setAttribute('aria-busy', 'false')
    },

    clear() {
      news.clear()
      removeRows(() => false)
    },

    mark(key) {
      let isThere = false
      for (const { element } of rows.values()) {
        const marked = element.dataset.id === key || element.dataset.uid === key
        element.toggleAttribute('data-marked', marked)
        if (!marked) continue
        isThere = true
        element.scrollIntoView({ block: 'nearest' })
        if (document.activeElement?.id === 'messages-heading') focusRow(element)
      }
      return isThere
    },
  }
}

function focusRow(row: HTMLElement): void {
  row.setAttribute('tabindex', '-1')
  row.focus({ preventScroll: true })
}
