import type { OutboxEntry, OutboxStorage } from './storage.js'

/** The entries of a storage, and those that are still being saved to it. */
export interface Entries {
  /** In their order; the same array until something changes. */
  list(): readonly OutboxEntry[]
  /** Shows an entry at once; resolves when it is saved, or could not be. */
  save(entry: OutboxEntry): Promise<void>
  remove(id: string): Promise<void>
  /** Reads what other tabs have changed. */
  refresh(): Promise<void>
  /** An order after all entries. */
  nextOrder(now: number): number
  /** Resolves when everything is saved that can be. */
  settled(): Promise<void>
  /** Resolves when no entry waits. */
  idle(): Promise<void>
  /** Rejects those that wait for `idle`. */
  close(error: Error): void
}

/** What entries call back. */
export interface EntriesHandlers {
  readonly onChange: (list: readonly OutboxEntry[]) => void
  readonly onError: (error: unknown) => void
}

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

export function createEntries(storage: OutboxStorage, { onChange, onError }: EntriesHandlers): Entries {
  let shown: readonly OutboxEntry[] = []
  /** Newer than the storage, or not in it at all if it fails; null: removed. */
  const unsaved = new Map<string, OutboxEntry | null>()
  const waiters: Waiter[] = []
  let isLoaded = false
  let closed: Error | null = null
  let tail: Promise<unknown> = Promise.resolve()

  /** One after the other, in the order of the calls; a failure is reported and stops nothing. */
  function enqueue(work: () => Promise<void>): Promise<void> {
    const done = tail.then(work).catch(onError)
    tail = done
    return done
  }

  function show(stored: readonly OutboxEntry[]): void {
    const byId = new Map<string, OutboxEntry | null>(stored.map((entry) => [entry.id, entry]))
    for (const [id, entry] of unsaved) byId.set(id, entry)
    const next = [...byId.values()].filter((entry) => entry !== null).sort(compare)
    const isSame = next.length === shown.length && next.every((entry, index) => isEqual(entry, shown[index]))
    if (!isSame) {
      shown = next
      onChange(shown)
    }
    if (!isLoaded || shown.some(({ state }) => state === 'waiting')) return
    for (const { resolve } of waiters.splice(0)) resolve()
  }

  /** What was written counts as saved, unless it was changed meanwhile. */
  function write(id: string, value: OutboxEntry | null, work: () => Promise<void>): Promise<void> {
    unsaved.set(id, value)
    show(shown)
    return enqueue(async () => {
      await work()
      if (unsaved.get(id) === value) unsaved.delete(id)
    })
  }

  return {
    list: () => shown,
    save: (entry) => write(entry.id, entry, () => storage.save(entry)),
    remove: (id) => write(id, null, () => storage.remove(id)),
    refresh: () =>
      enqueue(async () => {
        try {
          show(await storage.load())
        } finally {
          isLoaded = true
          show(shown)
        }
      }),
    nextOrder: (now) => Math.max(now, (shown.at(-1)?.order ?? 0) + 1),
    async settled() {
      for (let seen: unknown = null; seen !== tail; ) {
        seen = tail
        await seen
      }
    },
    idle() {
      if (closed) return Promise.reject(closed)
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject })
        show(shown)
      })
    },
    close(error) {
      closed = error
      for (const { reject } of waiters.splice(0)) reject(error)
    },
  }
}

const compare = (one: OutboxEntry, other: OutboxEntry) =>
  one.order - other.order || (one.id < other.id ? -1 : 1)

/** Entries are plain data with their fields in one order. */
const isEqual = (one: OutboxEntry, other: OutboxEntry | undefined) =>
  JSON.stringify(one) === JSON.stringify(other)
