import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'

/** Whether the server responds: a word in the header, and a bar with the next attempt during an outage. */
export interface ConnectionStatus {
  /** `problem` is why the last poll failed, or `null` if it did not; `nextPollAt` is the next attempt. */
  show(problem: string | null, nextPollAt: Date): void
  /** Updates the seconds until the next attempt. */
  refresh(): void
}

/** `onRetry` is called when the user does not want to wait for the next attempt. */
export function createConnectionStatus(announce: Announce, onRetry: () => void): ConnectionStatus {
  const label = elementById('connection', HTMLElement)
  const outage = elementById('outage', HTMLElement)
  let retryAt = new Date()

  function refresh(): void {
    const seconds = Math.ceil((retryAt.getTime() - Date.now()) / 1000)
    const text = seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…'
    setText(elementById('outage-retry', HTMLElement), text)
  }

  function hideOutage(): void {
    // The keyboard focus must not stay on a button that disappears.
    if (outage.contains(document.activeElement)) elementById('main', HTMLElement).focus()
    if (!outage.hidden) announce('Connected again')
    outage.hidden = true
  }

  function showOutage(problem: string): void {
    if (outage.hidden) announce(problem)
    outage.hidden = false
    setText(elementById('outage-problem', HTMLElement), `${problem}.`.replace(/\.\.$/, '.'))
    refresh()
  }

  elementById('retry-now', HTMLButtonElement).addEventListener('click', onRetry)

  return {
    show(problem, nextPollAt) {
      retryAt = nextPollAt
      label.dataset.state = problem === null ? 'live' : 'lost'
      setText(label, problem === null ? 'Live' : 'Disconnected')
      if (problem === null) hideOutage()
      else showOutage(problem)
    },
    refresh,
  }
}
