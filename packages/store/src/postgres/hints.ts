import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

const CONNECT_TIMEOUT_MS = 3_000
const QUERY_TIMEOUT_MS = 5_000
/** How often to ask whether the connection is still there: nothing else is ever sent on it. */
const HEARTBEAT_MS = 30_000
const MIN_PAUSE_MS = 200
const MAX_PAUSE_MS = 10_000

/** What other servers announce with their writes, on a connection of its own. */
export interface Hints {
  /** @see {@link Store.onChange} */
  onChange(listener: () => void): () => void
  close(): Promise<void>
}

/**
 * Listens to a channel as long as there are listeners. A connection that is lost is opened again; what was announced
 * meanwhile is made up for by one call.
 *
 * @param channel a name of letters, digits and underscores
 */
export function createHints(url: string, channel: string): Hints {
  const listeners = new Set<() => void>()
  let stopping = new AbortController()
  let running: Promise<void> | undefined
  let isClosed = false

  function onChange(listener: () => void): () => void {
    // Each call counts, also of the same function.
    const own = () => listener()
    if (!isClosed) listeners.add(own)
    if (listeners.size > 0) start()
    return () => {
      listeners.delete(own)
      if (listeners.size === 0) stopping.abort()
    }
  }

  function start(): void {
    if (running && !stopping.signal.aborted) return
    stopping = new AbortController()
    running = run(stopping.signal)
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const hasListened = await listen(signal).catch(() => false)
      if (hasListened) failures = 0
      const pause = Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS)
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => {})
    }
  }

  /** Resolves once the connection is lost, or the signal aborts. */
  async function listen(signal: AbortSignal): Promise<boolean> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      application_name: 'gitmsg hints',
    })
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve)
      client.on('error', () => resolve())
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    client.on('notification', tell)
    try {
      // A client that is ended while it connects never tells.
      await Promise.race([client.connect(), ended])
      if (!signal.aborted) await Promise.race([client.query(`listen "${channel}"`), ended])
      if (!signal.aborted) tell()
      await keepAsking(client, ended)
      return true
    } finally {
      // Not waited for: a server that does not respond would not confirm it.
      void client.end().catch(() => {})
    }
  }

  function tell(): void {
    for (const listener of listeners) listener()
  }

  return {
    onChange,
    async close() {
      isClosed = true
      listeners.clear()
      stopping.abort()
      await running
    },
  }
}

/** Asks from time to time, until the connection has ended or does not respond. */
async function keepAsking(client: pg.Client, ended: Promise<void>): Promise<void> {
  const asking = new AbortController()
  const isOver = ended.then(() => true)
  const { signal } = asking
  const pause = () => sleep(HEARTBEAT_MS, false, { signal, ref: false }).catch(() => true)
  try {
    while (!(await Promise.race([isOver, pause()]))) {
      await Promise.race([client.query('select 1'), ended])
    }
  } finally {
    asking.abort()
  }
}
