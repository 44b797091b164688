import type { NewMessage } from '../api/inputs.js'

/** A message that the server does not have yet, as far as is known. */
export interface OutboxEntry {
  /** Identifies the entry until it is sent or discarded. */
  readonly id: string
  /** The idempotency key with which the message is sent, as often as that takes. */
  readonly key: string
  /** The message. */
  readonly message: NewMessage
  /** Entries are sent in this order. */
  readonly order: number
  /** When it was posted here, RFC 3339. */
  readonly created_at: string
  /** `failed`: the server rejected it. It waits for `edit`, `retry` or `discard`. */
  readonly state: 'waiting' | 'failed'
  /** When it was first sent without a clear result, in milliseconds; null if it was not, or was rejected. */
  readonly attempted_at: number | null
  /** Why it failed. */
  readonly error: OutboxFailure | null
}

/** Why the server rejected a message. */
export interface OutboxFailure {
  /** The code of the error response, or `outcome-unknown`. */
  readonly code: string
  /** A sentence for people. */
  readonly message: string
  /** The status of the response; 0 without one. */
  readonly status: number
  /** The field that is wrong, if the server named one. */
  readonly field?: string
}

/** Where an outbox keeps its entries. */
export interface OutboxStorage {
  /** The same in every tab or process that shares the entries; absent if none does. */
  readonly sharedName?: string
  /** All entries, in any order. */
  load(): Promise<readonly OutboxEntry[]>
  /** Adds or replaces an entry; durable when it resolves. */
  save(entry: OutboxEntry): Promise<void>
  /** Removes an entry, if it is there. */
  remove(id: string): Promise<void>
  /** Called when the outbox is closed. */
  close?(): Promise<void>
}

/** Keeps entries in memory: they are lost with the page or the process. */
export function createMemoryStorage(): OutboxStorage {
  const entries = new Map<string, OutboxEntry>()
  return {
    load: async () => [...entries.values()],
    async save(entry) {
      entries.set(entry.id, entry)
    },
    async remove(id) {
      entries.delete(id)
    },
  }
}
