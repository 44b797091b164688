import type { MessageDetails } from '@gitmsg/client'

/** Where a feed is followed from. */
export interface Beginning {
  /** Everything after this place is news, unless only the commit of an older message. */
  readonly head: number
  /** The highest id at the time. */
  readonly newestId: number
  /** Before that place, what was written or changed since then is news, too: RFC 3339 in UTC. */
  readonly since?: string
  /** Whether a commit is news, and everything else that changes no text. */
  readonly commits: boolean
}

/** The versions that are remembered. Beyond it, a reaction to an old message shows that message again. */
const MAX_SEEN = 100_000

/**
 * Tells news from what moves a message in the feed without changing it: its commit, a reaction to it. Each version of
 * a message is news once; in doubt, it is news.
 */
export function createNewsFilter({ head, newestId, since, commits }: Beginning) {
  const seen = new Map<string, string>()

  function isUnseen({ uid, version = 1, updated_at }: MessageDetails): boolean {
    // A version that was not committed may be replaced by another one with its number.
    const state = `${version} ${updated_at}`
    if (seen.get(uid) === state) return false
    seen.set(uid, state)
    const [oldest = uid] = seen.keys()
    if (seen.size > MAX_SEEN) seen.delete(oldest)
    return true
  }

  function isAfterBeginning({ id, position, version = 1 }: MessageDetails): boolean {
    return position > head && (commits || id > newestId || version > 1)
  }

  const isSince = ({ timestamp, updated_at }: MessageDetails): boolean =>
    since !== undefined && (timestamp >= since || updated_at >= since)

  return (message: MessageDetails): boolean =>
    (isUnseen(message) || commits) && (isAfterBeginning(message) || isSince(message))
}
