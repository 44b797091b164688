import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/**
 * What a client knows about one post.
 *
 * - `invoke`: it was sent
 * - `ok`: it was acknowledged and must never be lost
 * - `fail`: it was rejected and must never be stored
 * - `unknown`: no response arrived, or one that promises nothing
 */
export type EventType = 'invoke' | 'ok' | 'fail' | 'unknown'

interface HistoryEvent {
  readonly at: number
  readonly type: EventType
  readonly key: string
  readonly sha256?: string
}

/** A message as the clients remember it. */
export interface Remembered {
  readonly sha256: string
  readonly outcome: EventType
}

/** A file with one JSON line for each event, outside the file system under test. */
export interface History {
  readonly path: string
  /** A new key, to be the first word of a content. */
  nextKey(): string
  record(type: EventType, key: string, content?: string): void
  /** The number of acknowledged posts. */
  acknowledged(): number
  /** Reads the last event of each key back from the file. */
  read(): Map<string, Remembered>
  close(): void
}

/** Opens a history for appending. */
export function openHistory(path: string): History {
  const file = openSync(path, 'a')
  let keys = 0
  let acknowledged = 0
  return {
    path,
    nextKey() {
      keys += 1
      return `key-${keys}`
    },
    record(type, key, content) {
      if (type === 'ok') acknowledged += 1
      const sha256 = content === undefined ? undefined : hashOf(content)
      const event: HistoryEvent = { at: performance.now(), type, key, ...(sha256 && { sha256 }) }
      writeSync(file, `${JSON.stringify(event)}\n`)
    },
    acknowledged: () => acknowledged,
    read: () => readHistory(path),
    close: () => closeSync(file),
  }
}

/** The hash by which two contents are compared. */
export const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex')

function readHistory(path: string): Map<string, Remembered> {
  const remembered = new Map<string, Remembered>()
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const { type, key, sha256 } = JSON.parse(line) as HistoryEvent
    remembered.set(key, { sha256: sha256 ?? remembered.get(key)?.sha256 ?? '', outcome: type })
  }
  return remembered
}
