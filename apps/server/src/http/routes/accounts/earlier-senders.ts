import type { Engine } from '@gitmsg/core'

/** Tells whether messages have a sender that can be a handle. */
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
      if ((await engine.list(query)).length > 0) return true
    }
    return false
  }
}
