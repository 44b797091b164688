import type { NewMessage } from '../api/inputs.js'
import type { Client } from '../client.js'
import { ClientError } from '../client-error.js'
import { createEmitter, type Events } from '../events.js'
import type { Runtime } from '../runtime.js'
import { createDelivery, type SentEntry } from './delivery.js'
import { createEntries } from './entries.js'
import { joinPeers } from './peers.js'
import { createMemoryStorage, type OutboxEntry, type OutboxStorage } from './storage.js'

/** The options of `outbox`. */
export interface OutboxOptions {
  /** Where entries are kept. Default: in memory. */
  readonly storage?: OutboxStorage | undefined
}

/** The events of an outbox; those of other tabs included. */
export interface OutboxEvents {
  /** `entries` is another array now. */
  readonly change: readonly OutboxEntry[]
  /** The server has a message. */
  readonly sent: SentEntry
  /** The server rejected a message. */
  readonly failed: OutboxEntry
  /** Why the first entry waits, or the storage failed. What could not be saved is sent nevertheless. */
  readonly error: unknown
}

/**
 * Messages on their way to the server: sent one at a time, in order, as often as that takes, each stored once. An entry
 * leaves the outbox when the server has its message, or by `discard`.
 */
export interface Outbox extends Events<OutboxEvents> {
  /** What the server does not have yet, in order; the same array until something changes. */
  readonly entries: readonly OutboxEntry[]
  /** Resolves when the entries of earlier runs are loaded. */
  readonly ready: Promise<void>
  /**
   * Takes a message. It is saved, then sent.
   *
   * @throws {ClientError} `closed`
   */
  post(message: NewMessage): OutboxEntry
  /** Sends a failed entry again, with another message; resolves once that is saved. */
  edit(id: string, message: NewMessage): Promise<void>
  /** Sends a failed entry again as it is; without an id all of them. */
  retry(id?: string): Promise<void>
  /** Forgets a failed entry. */
  discard(id: string): Promise<void>
  /** Resolves when the entries so far are saved, as far as the storage can: they outlive the page or the process. */
  saved(): Promise<void>
  /** Resolves when no entry waits any more: each is sent or failed. */
  idle(): Promise<void>
  /** Stops sending. Saved entries are sent by the next outbox on the storage. */
  close(): Promise<void>
  /** The same as `close`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens an outbox; see `Client.outbox`. */
export function openOutbox(client: Client, runtime: Runtime, options: OutboxOptions = {}): Outbox {
  const { storage = createMemoryStorage() } = options
  const { timers, createKey } = runtime
  const events = createEmitter<OutboxEvents>()
  const reportError = (error: unknown) => events.emit('error', error)
  const entries = createEntries(storage, {
    onChange: (list) => events.emit('change', list),
    onError: reportError,
  })
  const peers = joinPeers(storage.sharedName, (news) => {
    if (news.type === 'sent') events.emit('sent', news)
    void entries.refresh().then(() => delivery.wake())
  })
  const delivery = createDelivery(client, runtime, {
    entries,
    onSent(sent, saved) {
      events.emit('sent', sent)
      void saved.then(() => peers.tell({ type: 'sent', ...sent }))
    },
    onFailed(entry, saved) {
      events.emit('failed', entry)
      void saved.then(() => peers.tell({ type: 'changed' }))
    },
    onError: reportError,
  })
  const ready = entries.refresh()
  const delivered = ready.then(() => peers.alone(delivery.run)).catch(reportError)
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new ClientError('closed', 'The outbox is closed.')
  }

  async function save(entry: OutboxEntry): Promise<void> {
    delivery.wake()
    await entries.save(entry)
    peers.tell({ type: 'changed' })
  }

  function failed(id: string): OutboxEntry {
    assertOpen()
    const entry = entries.list().find((one) => one.id === id)
    if (entry?.state !== 'failed') {
      throw new ClientError('invalid-argument', 'There is no failed entry with this id.', { field: 'id' })
    }
    return entry
  }

  const again = { state: 'waiting', error: null, attempted_at: null } as const
  async function close(): Promise<void> {
    isClosed = true
    delivery.stop()
    await entries.settled()
    peers.leave()
    await delivered
    entries.close(new ClientError('closed', 'The outbox is closed.'))
    await storage.close?.()
  }

  return {
    on: events.on,
    get entries() {
      return entries.list()
    },
    ready,
    post(message) {
      assertOpen()
      const key = createKey()
      const now = timers.now()
      const entry = {
        ...{ id: key, key, message: { ...message }, order: entries.nextOrder(now) },
        created_at: new Date(now).toISOString(),
        ...again,
      }
      void save(entry)
      return entry
    },
    async edit(id, message) {
      // The server knows the key with the old message, if at all.
      await save({ ...failed(id), ...again, message: { ...message }, key: createKey() })
    },
    async retry(id) {
      assertOpen()
      const chosen =
        id === undefined ? entries.list().filter(({ state }) => state === 'failed') : [failed(id)]
      await Promise.all(chosen.map((entry) => save({ ...entry, ...again })))
    },
    async discard(id) {
      await entries.remove(failed(id).id)
      peers.tell({ type: 'changed' })
    },
    saved: () => entries.settled(),
    idle: () => entries.idle(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
