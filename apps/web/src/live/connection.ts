import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'
import type { Round } from './polling.js'

/** Whether the server is there, in the header; and a bar with the next try while it is not. */
export interface Connection {
  show(round: Round, retryAt: Date): void
  /** Rewrites the seconds until the next try. */
  refresh(): void
}

/** `onTryNow` is called when the user does not want to wait for the next try. */
export function createConnection(announce: Announce, onTryNow: () => void): Connection {
  const word = elementById('connection', HTMLElement)
  const outage = elementById('outage', HTMLElement)
  let nextTry = new Date()

  elementById('try-now', HTMLButtonElement).addEventListener('click', onTryNow)

  function refresh(): void {
    const seconds = Math.ceil((nextTry.getTime() - Date.now()) / 1000)
    const text = seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'
    setText(elementById('outage-retry', HTMLElement), text)
  }

  function hide(): void {
    // The keyboard must not be left on a button that is gone.
    if (outage.contains(document.activeElement)) elementById('main', HTMLElement).focus()
    if (!outage.hidden) announce('The server answers again')
    outage.hidden = true
  }

  function warn(problem: string, retryAt: Date): void {
    nextTry = retryAt
    if (outage.hidden) announce(problem)
    outage.hidden = false
    setText(elementById('outage-problem', HTMLElement), `${problem}.`.replace(/\.\.$/, '.'))
    refresh()
  }

  return {
    show({ problem }, retryAt) {
      word.dataset.state = problem === null ? 'live' : 'lost'
      setText(word, problem === null ? 'Live' : 'No answer')
      if (problem === null) hide()
      else warn(problem, retryAt)
    },
    refresh,
  }
}
