import { createHash } from 'node:crypto'
import { createRecentMap } from '../../limits/policies.js'

const WINDOW_MS = 60_000
const MAX_REMEMBERED = 100_000

/** What makes two posts the same. */
interface Post {
  readonly sender: string
  readonly topic: string | null
  readonly content: string
}

/** Recognizes the same text by the same sender in the same topic within a minute. */
export interface Duplicates {
  /** Remembers a post; returns false, and remembers nothing, if the same one was there less than a minute ago. */
  add(post: Post): boolean
  /** Forgets a post that was not accepted. */
  remove(post: Post): void
}

/** @param monotonic milliseconds of a clock that never goes back */
export function createDuplicates(monotonic: () => number): Duplicates {
  const seenAt = createRecentMap<number>(MAX_REMEMBERED)

  return {
    add(post) {
      const key = keyOf(post)
      const before = seenAt.get(key)
      if (before !== undefined && monotonic() - before < WINDOW_MS) return false
      seenAt.set(key, monotonic())
      return true
    },
    remove: (post) => seenAt.delete(keyOf(post)),
  }
}

const keyOf = ({ sender, topic, content }: Post): string =>
  createHash('sha256')
    .update(JSON.stringify([sender, topic, content]))
    .digest('base64')
