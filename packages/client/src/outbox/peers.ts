import { browser } from '../browser.js'
import type { SentEntry } from './delivery.js'

/** What outboxes on the same storage tell each other. */
export type PeerNews = { readonly type: 'changed' } | ({ readonly type: 'sent' } & SentEntry)

/** The other outboxes on the same storage: those of other tabs. */
export interface Peers {
  tell(news: PeerNews): void
  /** Runs `work` while this outbox is the only one to do so, as far as the runtime has locks. */
  alone(work: () => Promise<void>): Promise<void>
  leave(): void
}

/** @param sharedName the same for all outboxes on a storage; without one there are no others */
export function joinPeers(sharedName: string | undefined, onNews: (news: PeerNews) => void): Peers {
  if (sharedName === undefined) return { tell: () => {}, alone: (work) => work(), leave: () => {} }
  const name = `gitmsg-outbox:${sharedName}`
  const leaving = new AbortController()
  const locks = browser.navigator?.locks
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : null
  if (channel) {
    channel.onmessage = ({ data }: { data: unknown }) => onNews(data as PeerNews)
    // In Node.js it would keep the process alive.
    ;(channel as { unref?: () => void }).unref?.()
  }
  return {
    tell(news) {
      if (!leaving.signal.aborted) channel?.postMessage(news)
    },
    async alone(work) {
      if (!locks) return work()
      let isStarted = false
      const start = () => {
        isStarted = true
        return work()
      }
      try {
        await locks.request(name, { signal: leaving.signal }, start)
      } catch (error) {
        if (isStarted) throw error
        // A page without an origin may not lock; the keys still keep the server from storing a message twice.
        if (!leaving.signal.aborted) await work()
      }
    },
    leave() {
      leaving.abort()
      channel?.close()
    },
  }
}
