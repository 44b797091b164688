import type { Store } from '@gitmsg/store'
import type { SyncEvent } from './sync-event.js'

/** The store, which tells how many messages each settlement synchronized. */
export function countSettlements(store: Store, onEvent: (event: SyncEvent) => void): Store {
  return {
    ...store,
    async settle(settlement) {
      await store.settle(settlement)
      const messages = settlement.synchronized.length
      if (messages > 0) onEvent({ type: 'synchronized', messages })
    },
  }
}
