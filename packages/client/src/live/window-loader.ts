import type { CallOptions } from '../api/request.js'
import type { Position } from '../api/types.js'
import type { Client } from '../client.js'
import type { ClientError } from '../client-error.js'
import { jitteredDelay, pauseFor } from '../retry.js'
import type { Runtime } from '../runtime.js'
import type { MessageWindow } from './message-window.js'
import { loadPages, type PagesOfEpoch } from './page-loader.js'

/** Fills a window of messages from pages. */
export interface WindowLoader {
  /** Reads everything that is shown again, however often that takes. */
  reload(): Promise<void>
  /** Reads what is below; resolves with whether there may be more. */
  older(count: number, options?: CallOptions): Promise<boolean>
  stop(): void
}

/** What a loader works with. */
export interface WindowLoaderOptions {
  readonly client: Pick<Client, 'list'>
  readonly runtime: Runtime
  readonly window: MessageWindow
  readonly topics: readonly string[] | null
  readonly limit: number
  /** The position of the feed: pages must be at least this new, so that nothing is missing between them and the feed. */
  readonly position: () => Position | null
  readonly onLoaded: () => void
  /** Reading is not allowed, or will never succeed. */
  readonly onFailed: (error: ClientError) => void
}

/** Statuses of the 4xx after which trying again may help. */
const TEMPORARY_STATUSES = [408, 425, 429]

export function createWindowLoader(options: WindowLoaderOptions): WindowLoader {
  const { client, runtime, window, topics, limit, position, onLoaded, onFailed } = options
  let current = new AbortController()

  /** Null if the pages do not connect to the feed, which happens while the server begins another history. */
  async function read(query: Omit<Parameters<typeof loadPages>[1], 'topics'>): Promise<PagesOfEpoch | null> {
    const before = position()
    const pages = await loadPages(client, { ...query, topics })
    const isOfFeed = pages.epoch === position()?.epoch && pages.epoch === before?.epoch
    return isOfFeed && pages.position >= before.position ? pages : null
  }

  async function reload(): Promise<void> {
    current.abort()
    current = new AbortController()
    const { signal } = current
    window.beginLoad()
    try {
      for (let attempt = 0; !signal.aborted; attempt += 1) {
        const count = Math.max(limit, window.list().length)
        const pages = await read({ count, signal }).catch((error: ClientError) => {
          if (!signal.aborted && isFinal(error)) onFailed(error)
          return null
        })
        if (signal.aborted) return
        if (pages) {
          window.replace(pages)
          onLoaded()
          return
        }
        await pauseFor(runtime, jitteredDelay(attempt, runtime), { signal })
      }
    } finally {
      window.endLoad()
    }
  }

  async function older(count: number, call: CallOptions = {}): Promise<boolean> {
    const { signal } = current
    const before = window.floor
    if (before === 0) return false
    window.beginLoad()
    try {
      const either = AbortSignal.any([signal, ...(call.signal ? [call.signal] : [])])
      const pages = await read({ count, before, signal: either })
      // What was read would not join what is shown now.
      if (signal.aborted || !pages || window.floor !== before) return true
      window.extend(pages)
      onLoaded()
      return window.floor > 0
    } catch (error) {
      if (signal.aborted && !call.signal?.aborted) return true
      throw error
    } finally {
      window.endLoad()
    }
  }

  return { reload, older, stop: () => current.abort() }
}

function isFinal({ status, code }: ClientError): boolean {
  const isRejected = status >= 400 && status < 500 && !TEMPORARY_STATUSES.includes(status)
  return isRejected && code !== 'invalid-response'
}
