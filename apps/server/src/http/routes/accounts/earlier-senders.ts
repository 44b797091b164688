import type { Engine } from '@gitmsg/core'

/** Tells whether messages have a sender. */
export type HasPosted = (sender: string) => Promise<boolean>

/**
 * Finds messages from before there were accounts: who joins must not get the right to change them. An admin can create
 * such an account.
 */
export function createSenderSearch(engine: Pick<Engine, 'list'>): HasPosted {
  return async function hasPosted(sender) {
    const filters = [{}, { deleted: true }, { format: 'reaction' }] as const
    for (const filter of filters) {
      const query = { ...filter, sender, limit: 1 }
      if (isQueryable(sender) && (await engine.list(query)).length > 0) return true
    }
    return false
  }
}

/** A text that cannot be a handle need not be looked for: it is rejected anyway. */
const isQueryable = (sender: string): boolean => /^[a-z0-9._-]{1,32}$/.test(sender)
