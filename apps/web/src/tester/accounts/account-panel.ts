import { elementById } from '../../page/elements.js'

/** What a person can open below the own name. */
export interface AccountPanel {
  /** Fetches what it shows. */
  open(): void
  /** Removes everything that came from the server. */
  clear(): void
}

/** Starts the disclosure with this id, whose panel is fetched each time that it opens. Returns how it is closed. */
export function startDisclosure(id: string, panel: AccountPanel): { show(isAllowed: boolean): void } {
  const details = elementById(id, HTMLDetailsElement)

  function toggle(): void {
    if (details.open) panel.open()
    else panel.clear()
  }

  details.addEventListener('toggle', toggle)

  return {
    show(isAllowed) {
      details.hidden = !isAllowed
      if (isAllowed) return
      details.open = false
      panel.clear()
    },
  }
}
