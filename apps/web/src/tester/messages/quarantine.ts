import type { ApiClient } from '../../api/api-client.js'
import type { Message, MessageDetails } from '../../api/api-types.js'

const MAX_REQUESTS_PER_POLL = 20

/** Why messages are in quarantine, by message id. */
export type QuarantineReasons = ReadonlyMap<number, string>

/** Finds out which messages of a page are in quarantine, and why: the list of messages does not include it. */
export interface Quarantine {
  /** `quarantined` is the total; as long as it does not change, no message is requested twice. */
  reasonsAmong(
    messages: readonly Message[],
    quarantined: number,
    signal: AbortSignal,
  ): Promise<QuarantineReasons>
  /** Takes what messages in full tell, so that they need not be requested. */
  learn(messages: readonly MessageDetails[]): void
}

/** Requests `GET /messages/:id` for pending messages, but only while something is in quarantine. */
export function createQuarantine(client: Pick<ApiClient, 'message'>): Quarantine {
  const reasons = new Map<number, string>()
  const checked = new Set<number>()
  let lastTotal = 0

  async function check(id: number, signal: AbortSignal): Promise<void> {
    const result = await client.message(id, signal)
    if (result.kind === 'success') note(result.value)
  }

  function note({ id, sync }: MessageDetails): void {
    checked.add(id)
    if (sync.state === 'quarantined') reasons.set(id, sync.reason)
    else reasons.delete(id)
  }

  return {
    async reasonsAmong(messages, quarantined, signal) {
      if (quarantined !== lastTotal) {
        lastTotal = quarantined
        reasons.clear()
        checked.clear()
      }
      if (quarantined === 0) return reasons
      const unknown = messages.filter(({ id, is_synchronized }) => !is_synchronized && !checked.has(id))
      // The oldest come first: newer ones have hardly had the time to be quarantined.
      await Promise.all(unknown.slice(-MAX_REQUESTS_PER_POLL).map(({ id }) => check(id, signal)))
      return reasons
    },
    learn(messages) {
      messages.forEach(note)
    },
  }
}
