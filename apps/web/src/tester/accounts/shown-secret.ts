import type { Announce } from '../../page/announcer.js'
import { copyOnClick } from '../../page/buttons.js'
import { elementById, partOf, setText } from '../../page/elements.js'

/** A link or token that the server shows once. */
export interface ShownSecret {
  show(what: string, secret: string): void
  clear(): void
}

/** Starts the box with this id, whose parts are `what`, `secret`, `copy` and `dismiss`. */
export function createShownSecret(id: string, announce: Announce): ShownSecret {
  const box = elementById(id, HTMLElement)
  const secret = partOf(box, 'secret', HTMLInputElement)
  const copy = partOf(box, 'copy', HTMLButtonElement)

  function clear(): void {
    secret.value = ''
    box.hidden = true
  }

  copyOnClick(copy, () => secret.value, announce)
  partOf(box, 'dismiss', HTMLButtonElement).addEventListener('click', clear)

  return {
    show(what, text) {
      setText(partOf(box, 'what', HTMLElement), what)
      secret.value = text
      box.hidden = false
      copy.focus()
      announce(what)
    },
    clear,
  }
}
