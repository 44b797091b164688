import { type Grant, SETTLED_POSTS } from '@gitmsg/accounts'
import type { AccountsConfig } from '../../config/server-config.js'

/** Why a post waits for a moderator. */
export type HoldReason = 'all' | 'newcomer' | 'links'

/** An account with fewer published posts is a newcomer. */
const NEWCOMER_POSTS = 3
/** More links than this are suspicious among the first posts of an account. */
const MAX_LINKS = 2
const LINK = /\bhttps?:\/\/|\bwww\./gi

/** Why a post with this content waits for a moderator; `null`: it does not. */
export function holdReason(
  { kind, role, posts }: Pick<Grant, 'kind' | 'role' | 'posts'>,
  content: string,
  hold: AccountsConfig['hold'],
): HoldReason | null {
  if (hold === 'none' || kind === 'service' || role === 'moderator' || role === 'admin') return null
  if (hold === 'all') return 'all'
  if (posts < NEWCOMER_POSTS) return 'newcomer'
  return posts < SETTLED_POSTS && (content.match(LINK)?.length ?? 0) > MAX_LINKS ? 'links' : null
}
