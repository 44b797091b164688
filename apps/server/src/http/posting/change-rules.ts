import type { Accounts } from '@gitmsg/accounts'
import type { StoredMessage } from '@gitmsg/store'
import type { Context } from 'koa'
import { actorOf, type Identity } from '../../access/access.js'
import type { AccountsConfig } from '../../config/server-config.js'
import { problem } from '../errors.js'
import { holdReason } from './hold-rules.js'
import type { PostLimits } from './post-limits.js'

/** What accounts are asked before and after a message is edited or deleted. */
export interface ChangeRules {
  /** @throws {HttpError} `rate_limited` */
  admit(context: Context): void
  /**
   * Rejects an edit by an account whose post with this text would wait for a moderator: otherwise any text could be
   * published by changing a harmless one.
   *
   * @throws {HttpError} `approval_required`
   */
  assertNotHeld(context: Context, body: unknown): void
  /** Records what a moderator has changed. */
  recordChange(
    context: Context,
    change: { action: 'message.edit' | 'message.delete'; message: StoredMessage },
  ): Promise<void>
}

export interface ChangeRulesOptions extends Pick<AccountsConfig, 'hold'> {
  readonly accounts: Pick<Accounts, 'audit'>
  readonly limits: PostLimits
}

export function createChangeRules({ accounts, limits, hold }: ChangeRulesOptions): ChangeRules {
  return {
    admit(context) {
      const { account, scopes }: Identity = context.state.token
      // A moderator has to keep up with whatever is posted.
      if (account && !scopes.includes('moderate')) limits.admitChange(context, account)
    },
    assertNotHeld(context, body) {
      const { account }: Identity = context.state.token
      const { content, topic } = (body ?? {}) as { content?: unknown; topic?: unknown }
      const text = [content, topic].filter((part) => typeof part === 'string').join(' ')
      if (account && holdReason(account, text, hold)) throw problem('approval_required')
    },
    async recordChange(context, { action, message: { uid, sender } }) {
      const identity: Identity = context.state.token
      if (sender === identity.sender || !identity.scopes.includes('moderate')) return
      await accounts.audit.record({ actor: actorOf(identity), action, target: uid, detail: sender })
    },
  }
}
