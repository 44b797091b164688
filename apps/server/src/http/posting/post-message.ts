import { createHash } from 'node:crypto'
import { type Accounts, AccountsError, type Grant, SETTLED_POSTS } from '@gitmsg/accounts'
import type { Engine, MessageInput } from '@gitmsg/core'
import type { StoredMessage } from '@gitmsg/store'
import type { Context } from 'koa'
import type { Identity } from '../../access/access.js'
import type { AccountsConfig } from '../../config/server-config.js'
import { problem } from '../errors.js'
import type { Duplicates } from './duplicates.js'
import { type HoldReason, holdReason } from './hold-rules.js'
import type { PostLimits } from './post-limits.js'

/** What became of a post: a message, or the number of a held post. */
type PostOutcome =
  | { readonly message: StoredMessage; readonly heldId?: undefined }
  | { readonly heldId: number; readonly message?: undefined }

/** Posts what a client has sent, whose token allows the sender. */
export type PostMessage = (
  context: Context,
  input: MessageInput,
  idempotencyKey: string | undefined,
) => Promise<PostOutcome>

/** Posts every valid message: without accounts there is nothing else to ask. */
export const createPost = (engine: Engine): PostMessage =>
  async function postMessage(_context, input, idempotencyKey) {
    return { message: await engine.post(input, { idempotencyKey }) }
  }

export interface GuardedPostOptions {
  readonly engine: Engine
  readonly accounts: Pick<Accounts, 'held' | 'countPost'>
  readonly limits: PostLimits
  readonly duplicates: Duplicates
  readonly hold: AccountsConfig['hold']
  /** Generates the uid of a message, a UUIDv7. */
  readonly createUid: () => string
}

/** Posts within the limits, and holds what a moderator has to approve. */
export function createGuardedPost(options: GuardedPostOptions): PostMessage {
  const { engine, accounts, limits, duplicates, hold, createUid } = options

  return async function postMessage(context, input, idempotencyKey) {
    const identity: Identity = context.state.token
    const { account } = identity
    const { topic } = await engine.check(input)
    if (account && idempotencyKey !== undefined) {
      const earlier = await accounts.held.findByKey(account.handle, idempotencyKey)
      if (earlier?.fingerprint === fingerprintOf(input)) return { heldId: earlier.id }
      if (earlier) throw problem('idempotency_key_reused')
    }
    if (account) await limits.admitPost(context, { account, topic })
    const { sender, content, format } = input
    const isCompared = idempotencyKey === undefined && format !== 'reaction'
    if (isCompared && !duplicates.add({ sender, topic, content })) throw problem('duplicate_message')
    try {
      const reason = account && holdReason(account, content, hold)
      return account && reason
        ? { heldId: await holdPost(account, input, { reason, idempotencyKey }) }
        : { message: await publish(account, input, idempotencyKey) }
    } catch (error) {
      if (isCompared) duplicates.remove({ sender, topic, content })
      if (account) await limits.giveBack(account).catch(() => {})
      throw error
    }
  }

  async function holdPost(
    { handle }: Grant,
    input: MessageInput,
    { reason, idempotencyKey: key }: { reason: HoldReason; idempotencyKey: string | undefined },
  ): Promise<number> {
    const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprintOf(input) }
    const post = JSON.stringify(input)
    try {
      return (await accounts.held.hold({ handle, post, uid: createUid(), reason, idempotency })).id
    } catch (error) {
      if (error instanceof AccountsError && error.code === 'too-many') throw problem('too_many_held')
      throw error
    }
  }

  async function publish(
    account: Grant | null,
    input: MessageInput,
    idempotencyKey: string | undefined,
  ): Promise<StoredMessage> {
    const uid = createUid()
    const message = await engine.post(input, { idempotencyKey, accepted: { uid } })
    // A repeated post is the first one again, and does not count. A failure must not fail a post that is stored.
    const counts = account?.kind === 'person' && account.posts < SETTLED_POSTS && message.uid === uid
    if (counts) await accounts.countPost(account.handle).catch(() => {})
    return message
  }
}

/** The same for the same input, whatever the order of its fields. */
function fingerprintOf({ content, sender, timestamp, format, topic, reply_to }: MessageInput): string {
  const fields = [content, sender, timestamp, format, topic, reply_to]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}
