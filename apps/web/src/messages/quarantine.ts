import type { ApiClient } from '../api/api-client.js'
import type { Message } from '../api/api-types.js'
import type { QuarantineReasons } from './message-list.js'

const QUESTIONS_A_ROUND = 20

/** Finds out which messages of a page are in quarantine, and why: the list itself does not tell. */
export interface Quarantine {
  /** `quarantined` is how many there are in all; while that stays the same no message is asked about twice. */
  reasonsAmong(
    messages: readonly Message[],
    quarantined: number,
    signal: AbortSignal,
  ): Promise<QuarantineReasons>
}

/** Asks `GET /messages/:id`, and only while something is in quarantine. */
export function createQuarantine(client: ApiClient): Quarantine {
  const reasons = new Map<number, string>()
  const asked = new Set<number>()
  let lastCount = 0

  async function ask(id: number, signal: AbortSignal): Promise<void> {
    const answer = await client.message(id, signal)
    if (answer.kind !== 'success') return
    asked.add(id)
    const { state, reason } = answer.value.sync
    if (state === 'quarantined') reasons.set(id, reason ?? 'The repository will never accept it.')
  }

  return {
    async reasonsAmong(messages, quarantined, signal) {
      if (quarantined !== lastCount) {
        lastCount = quarantined
        reasons.clear()
        asked.clear()
      }
      if (quarantined === 0) return reasons
      const unknown = messages.filter(({ id, is_synchronized }) => !is_synchronized && !asked.has(id))
      // The oldest first: they have had the time to be refused.
      await Promise.all(unknown.slice(-QUESTIONS_A_ROUND).map(({ id }) => ask(id, signal)))
      return reasons
    },
  }
}
