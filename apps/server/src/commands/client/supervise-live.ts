import { ClientError, type Live } from '@gitmsg/client'
import { reasonOf } from '../../client/describe-failure.js'

/**
 * Reports when the connection of a feed is lost, and when it is back. Closes the feed if the first connection fails,
 * and if the server cannot go on without a gap.
 *
 * @returns what tells why the feed was closed, if it was
 */
export function superviseLive(live: Live, report: (text: string) => void): () => Error | null {
  let failure: Error | null = null
  let wasLive = false
  let isLost = false

  function fail(text: string): void {
    failure = new ClientError('closed', text)
    void live.close()
  }

  live.on('reset', (reason) =>
    fail(`the server has another history now (${reason}), and what changed in between is unknown: list it`),
  )
  live.on('status', ({ state, error }) => {
    if (state === 'live') {
      if (isLost) report('connected again')
      wasLive = true
      isLost = false
    } else if (state === 'waiting' && error && !isLost) {
      const reason = reasonOf(error).message
      if (wasLive) report(`connection lost, connecting again: ${reason}`)
      else fail(`cannot open the live channel: ${reason}`)
      isLost = true
    }
  })
  return () => failure
}
