import { createClient, type Live, type LiveStatus } from '@gitmsg/client'
import { accessToken } from '../../api/access-token.js'
import type { Position, SyncStatus } from '../../api/api-types.js'
import { type Frame, observeSockets } from '../../api/frames.js'
import type { Changes } from './list-page.js'

interface ListeningOptions {
  /** The address of the page, which is that of the server. */
  readonly base: string
  /** Called with every frame, on every connection. */
  readonly onFrame: (frame: Frame) => void
  readonly onChanges: (changes: Changes) => void
  readonly onSync: (status: SyncStatus) => void
  /** Called when changes may have been missed: every page must be fetched again. */
  readonly onReset: () => void
  readonly onStatus: (status: LiveStatus) => void
}

/** The live channel, as long as the server lets the page listen. */
export interface Listening {
  /** Listens for what changes after this place, unless the channel is in use or the server has closed it for good. */
  start(after: Position): void
  /** Leaves the channel; the next `start` uses the access token of then. */
  stop(): void
  /** Whether every change arrives. */
  isLive(): boolean
}

/** Connecting, resuming and connecting again is up to the client. */
export function createListening(options: ListeningOptions): Listening {
  const { base, onFrame, onChanges, onSync, onReset, onStatus } = options
  const url = new URL('.', base)
  const WebSocket = observeSockets(onFrame)
  let live: Live | null = null

  function open(after: Position): Live {
    const opened = createClient({ url, token: accessToken() || undefined, WebSocket }).live({
      after,
      limit: 0,
    })
    opened.on('messages', (messages) => onChanges({ epoch: opened.position?.epoch ?? '', messages }))
    opened.on('sync', onSync)
    opened.on('reset', onReset)
    opened.on('status', onStatus)
    return opened
  }

  return {
    start(after) {
      if (live) return
      live = open(after)
      onStatus(live.status)
    },
    stop() {
      void live?.close()
      live = null
    },
    isLive: () => live?.status.state === 'live',
  }
}
