import type { ApiClient } from '../../api/api-client.js'
import type { Message } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { setBusy } from '../../page/buttons.js'
import { elementById, setText, showText } from '../../page/elements.js'

const MAX_EXCERPT_CHARACTERS = 200

interface DeleteDialogOptions {
  readonly client: Pick<ApiClient, 'remove' | 'message'>
  readonly announce: Announce
  /** Called when the message is deleted. */
  readonly onDeleted: () => void
}

/** Asks before a message is deleted. */
export interface DeleteDialog {
  open(message: Message): void
  /** Closes the dialog, and forgets the message. */
  close(): void
}

/** Creates the dialog, which is modal: the page waits for it. */
export function createDeleteDialog(options: DeleteDialogOptions): DeleteDialog {
  const { client, announce, onDeleted } = options
  const dialog = elementById('delete-dialog', HTMLDialogElement)
  const confirm = elementById('confirm-delete', HTMLButtonElement)
  const excerpt = elementById('delete-excerpt', HTMLElement)
  let target: Message | null = null
  let opener: Element | null = null
  let busy = false

  /** What had the focus before may have been removed meanwhile, with its message. */
  function keepFocus(): void {
    if (opener?.isConnected === false) elementById('messages-heading', HTMLElement).focus()
    opener = null
  }

  function show(message: Message, problem: string | null): void {
    target = message
    setText(elementById('delete-question', HTMLElement), `Delete message ${message.id} by ${message.sender}?`)
    setText(
      elementById('delete-excerpt', HTMLElement),
      (message.content ?? '').slice(0, MAX_EXCERPT_CHARACTERS),
    )
    showText(elementById('delete-problem', HTMLElement), problem)
  }

  /** The question is put again, about what would be deleted now. */
  async function showNewerVersion(message: Message): Promise<void> {
    const newer = await client.message(message.id)
    if (newer.kind !== 'success') return show(message, 'The message was changed meanwhile.')
    show(newer.value, `Version ${newer.value.version ?? 1} was saved meanwhile. This is its text.`)
  }

  async function remove(): Promise<void> {
    if (target === null || busy) return
    const message = target
    busy = true
    setBusy(confirm, 'Deleting…')
    const result = await client.remove(message)
    busy = false
    setBusy(confirm, null)
    if (result.kind === 'no-response') show(message, `${result.problem}. You can safely try again.`)
    else if (result.kind === 'success') {
      dialog.close()
      announce(`Message ${message.id} is deleted`)
      onDeleted()
    } else if (result.error.code === 'version_conflict') await showNewerVersion(message)
    else show(message, `Not deleted: ${result.error.message}`)
  }

  confirm.addEventListener('click', () => void remove())
  dialog.addEventListener('close', keepFocus)

  return {
    open(message) {
      show(message, null)
      opener = document.activeElement
      dialog.showModal()
    },
    close() {
      dialog.close()
      target = null
      setText(excerpt, '')
    },
  }
}
