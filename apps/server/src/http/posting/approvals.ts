import type { Accounts, HeldPost } from '@gitmsg/accounts'
import { type Engine, type MessageInput, ValidationError } from '@gitmsg/core'
import type { StoredMessage } from '@gitmsg/store'
import type { Logger } from 'pino'

/** Publishes held posts. */
export interface Approvals {
  /** Publishes a post that waits; `null` if none with this id does. */
  approve(id: number, actor: string): Promise<StoredMessage | null>
  /** Publishes what was being approved when a server ended. */
  resume(): Promise<void>
}

export interface ApprovalsOptions {
  readonly engine: Pick<Engine, 'post'>
  readonly accounts: Pick<Accounts, 'held'>
  readonly logger: Logger
}

/**
 * A post is marked, published under the uid that it got when it was held, and only then erased: whatever a crash leaves
 * is published again at the next start, which changes nothing if it was before.
 */
export function createApprovals({ engine, accounts, logger }: ApprovalsOptions): Approvals {
  async function publish(held: HeldPost): Promise<StoredMessage> {
    const message = await post(held).catch(async (error: unknown) => {
      // Such as a reply to a message that was deleted meanwhile: it waits again, and can be rejected.
      await accounts.held.notApproved(held.id)
      throw error
    })
    await accounts.held.approved(held)
    return message
  }

  async function post({ post: json, uid, held_at: at, key }: HeldPost): Promise<StoredMessage> {
    const input: MessageInput = JSON.parse(json)
    const accepted = { uid, at }
    try {
      return await engine.post(input, { accepted, idempotencyKey: key ?? undefined })
    } catch (error) {
      const isOthersKey = error instanceof ValidationError && error.code === 'idempotency-key-reused'
      if (!isOthersKey) throw error
      return engine.post(input, { accepted })
    }
  }

  return {
    async approve(id, actor) {
      const held = await accounts.held.approve(id, actor)
      return held && publish(held)
    },
    async resume() {
      for (const held of await accounts.held.listApproving()) {
        try {
          await publish(held)
          logger.info({ held_id: held.id }, 'approval completed')
        } catch (error) {
          logger.error({ err: error, held_id: held.id }, 'approval failed')
        }
      }
    },
  }
}
