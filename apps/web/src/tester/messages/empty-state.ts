import { curlCommand } from '../../api/curl-command.js'
import type { Announce } from '../../page/announcer.js'
import { copyOnClick } from '../../page/buttons.js'
import { elementById } from '../../page/elements.js'

/** Stands in place of an empty list. */
export interface EmptyState {
  /** `filtered` means that there may be messages, but none that match the filters. */
  show(empty: boolean, filtered: boolean): void
}

/** Creates the empty state, with a command that sends a first message to the server at `base`. */
export function createEmptyState(base: string, announce: Announce): EmptyState {
  const command = curlCommand({
    method: 'POST',
    url: new URL('messages', base).href,
    target: '',
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify({ content: 'Hello, Git', sender: 'ada' }),
  })
  elementById('first-command', HTMLElement).textContent = command
  copyOnClick(elementById('copy-first-command', HTMLButtonElement), () => command, announce)

  return {
    show(empty, filtered) {
      elementById('no-messages', HTMLElement).hidden = !empty || filtered
      elementById('no-matches', HTMLElement).hidden = !empty || !filtered
    },
  }
}
