import type { LiveStatus } from '@gitmsg/client'
import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'

/**
 * Whether the page listens, polls or is cut off: a word in the header, and a bar with the next attempt during an
 * outage.
 */
export interface ConnectionStatus {
  /** `problem` is why the last poll failed, or `null` if it did not; `nextPollAt` is the next attempt, if any. */
  showPoll(problem: string | null, nextPollAt: Date | null): void
  /** Shows how the live channel is doing. */
  showChannel(status: LiveStatus): void
  /** The page does neither until someone signs in. */
  showSignedOut(): void
  /** Updates the seconds until the next attempt. */
  refresh(): void
}

/** The states as the page shows them. */
const LABELS = {
  connecting: 'Connecting…',
  live: 'Live',
  polling: 'Polling',
  lost: 'Disconnected',
  out: 'Signed out',
} as const

/** `onRetry` is called when the user does not want to wait for the next attempt. */
export function createConnectionStatus(announce: Announce, onRetry: () => void): ConnectionStatus {
  const label = elementById('connection', HTMLElement)
  const outage = elementById('outage', HTMLElement)
  let channel: LiveStatus | null = null
  let problem: string | null = null
  let retryAt = new Date()

  function show(state = stateOf(channel, problem)): void {
    label.dataset.state = state
    setText(label, LABELS[state])
  }

  function refresh(): void {
    const seconds = Math.ceil((retryAt.getTime() - Date.now()) / 1000)
    const text = seconds > 0 ? `Retrying in ${seconds} s.` : 'Retrying…'
    setText(elementById('outage-retry', HTMLElement), text)
  }

  function hideOutage(): void {
    // The keyboard focus must not stay on a button that disappears.
    if (outage.contains(document.activeElement)) elementById('main', HTMLElement).focus()
    outage.hidden = true
  }

  function showOutage(text: string): void {
    if (outage.hidden) announce(text)
    outage.hidden = false
    setText(elementById('outage-problem', HTMLElement), `${text}.`.replace(/\.\.$/, '.'))
    refresh()
  }

  elementById('retry-now', HTMLButtonElement).addEventListener('click', onRetry)

  return {
    showPoll(newProblem, nextPollAt) {
      problem = newProblem
      retryAt = nextPollAt ?? retryAt
      show()
      if (problem !== null) return showOutage(problem)
      if (!outage.hidden) announce('Connected again')
      hideOutage()
    },
    showChannel(status) {
      channel = status
      show()
    },
    showSignedOut() {
      channel = null
      problem = null
      show('out')
      hideOutage()
    },
    refresh,
  }
}

/** A channel that has never failed is about to be there: polling is not worth a word yet. */
function stateOf(channel: LiveStatus | null, problem: string | null): keyof typeof LABELS {
  if (channel?.state === 'live') return 'live'
  if (problem !== null) return 'lost'
  return channel?.state === 'connecting' && channel.error === null ? 'connecting' : 'polling'
}
