import type { Message, MessageDetails } from '../../api/api-types.js'
import { partOf } from '../../page/elements.js'
import { hashOf } from '../view/place.js'
import { createEditForm } from './edit-form.js'
import { createHistoryPanel, type HistoryPanel } from './history-panel.js'
import { createReactionPicker } from './reaction-picker.js'
import type { Reactions } from './reactions.js'
import { createReportForm } from './report-form.js'
import type { RowContext } from './row-context.js'

/** What the user can do with a message. */
export interface RowActions {
  update(message: Message): void
  isEditing(): boolean
}

/** Starts the buttons of a row. Panels open below them, and the edit form in place of the content. */
export function startRowActions(
  row: HTMLElement,
  { context, reactions }: { readonly context: RowContext; readonly reactions: Reactions },
): RowActions {
  const button = (part: string) => partOf(row, part, HTMLButtonElement)
  const content = partOf(row, 'content', HTMLElement)
  const picker = createPanel(row, button('react'))
  const history = createPanel(row, button('history'))
  const report = createPanel(row, button('report'))
  let shown: Message | null = null
  let historyPanel: HistoryPanel | null = null
  let editForm: HTMLElement | null = null

  function pick(emoji: string): void {
    picker.close()
    void reactions.toggle(emoji)
  }

  function showHistory(): HTMLElement | null {
    historyPanel = shown && createHistoryPanel(shown, context)
    return historyPanel?.element ?? null
  }

  const showReportForm = () => shown && createReportForm({ message: shown, context, onClose: report.close })

  function openEditForm(): void {
    if (shown === null || editForm !== null) return
    editForm = createEditForm({ message: shown, context, onClose: closeEditForm })
    content.before(editForm)
    row.classList.toggle('is-editing', true)
    editForm.querySelector('textarea')?.focus()
  }

  /** Without a draft, the row shows its newest version, or goes if it was only there for the draft. */
  function closeEditForm(saved?: MessageDetails): void {
    editForm?.remove()
    editForm = null
    row.classList.toggle('is-editing', false)
    button('edit').focus()
    context.onChanged(saved)
  }

  function toggleMore(): void {
    const expanded = button('more').getAttribute('aria-expanded') !== 'true'
    button('more').setAttribute('aria-expanded', String(expanded))
  }

  picker.onToggle(() => createReactionPicker(pick))
  history.onToggle(showHistory)
  report.onToggle(showReportForm)
  button('edit').addEventListener('click', openEditForm)
  button('more').addEventListener('click', toggleMore)
  button('reply').addEventListener('click', () => shown && context.onReply(shown))
  button('delete').addEventListener('click', () => shown && context.onDelete(shown))

  return {
    update(message) {
      shown = message
      const { id, deleted, format } = message
      partOf(row, 'actions', HTMLElement).setAttribute('aria-label', `Actions for message ${id}`)
      partOf(row, 'thread', HTMLAnchorElement).setAttribute(
        'href',
        hashOf({ kind: 'thread', key: String(id) }),
      )
      // A reaction cannot be edited, replied to or reacted to; of a deleted message, nothing is left.
      for (const part of ['reply', 'react', 'edit'])
        button(part).hidden = deleted === true || format === 'reaction'
      for (const part of ['more', 'history', 'delete']) button(part).hidden = deleted === true
      button('report').hidden = deleted === true || !context.canReport()
      if (historyPanel?.element.isConnected) historyPanel.update(message)
    },
    isEditing: () => editForm !== null,
  }
}

interface Panel {
  /** `create` makes the panel's element each time that it opens. */
  onToggle(create: () => HTMLElement | null): void
  close(): void
}

/** A panel at the end of the row that its button opens and closes; Escape closes it, too. */
function createPanel(row: HTMLElement, button: HTMLButtonElement): Panel {
  let element: HTMLElement | null = null

  function close(): void {
    element?.remove()
    element = null
    button.setAttribute('aria-expanded', 'false')
    button.focus()
  }

  function open(create: () => HTMLElement | null): void {
    element = create()
    if (element === null) return
    button.setAttribute('aria-expanded', 'true')
    row.append(element)
    element.querySelector('textarea')?.focus()
    element.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') close()
    })
  }

  return {
    onToggle(create) {
      button.addEventListener('click', () => (element === null ? open(create) : close()))
    },
    close,
  }
}
