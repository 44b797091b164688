import { createHash } from 'node:crypto'
import { type Clock, type Store, type StoredMessage, StoreError } from '@gitmsg/store'
import { z } from 'zod'
import { messagePath } from '../format/message-file.js'
import { ValidationError } from '../validation-error.js'
import { type MessageInput, parseMessageInput } from './message-input.js'

/** What {@link createPostMessage} needs; time and ids come from outside. */
export interface PostMessageDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly createUid: () => string
  /** Called once the message is durable. */
  readonly wake: () => void
}

/** Options of `post`. */
export interface PostOptions {
  /** 1 to 128 visible ASCII characters: the same key with the same input returns the first message again. */
  readonly idempotencyKey?: string | undefined
  /** If it aborts before the message's turn: rejects with a {@link StoreError} `aborted`, and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/** The way in of every message: checked, stored with its change in one transaction, then announced. */
export function createPostMessage({ store, clock, createUid, wake }: PostMessageDependencies) {
  return async function postMessage(input: MessageInput, options: PostOptions = {}): Promise<StoredMessage> {
    const { content, sender, timestamp } = parseMessageInput(input)
    const idempotency = parseIdempotencyKey(options.idempotencyKey, [content, sender, timestamp])
    const now = new Date(clock()).toISOString()
    const uid = createUid()
    const { message } = await store
      .createMessage({
        uid,
        content,
        sender,
        timestamp: timestamp ?? now,
        created_at: now,
        updated_at: now,
        path: (id) => messagePath(id, uid),
        signal: options.signal,
        ...(idempotency && { idempotency }),
      })
      .catch(throwAsValidationError)
    wake()
    return message
  }
}

/** A valid idempotency key. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,128}$/)

function parseIdempotencyKey(key: string | undefined, input: readonly (string | undefined)[]) {
  if (key === undefined) return undefined
  if (!idempotencyKeySchema.safeParse(key).success) {
    throw new ValidationError(
      'invalid-idempotency-key',
      'An idempotency key must have 1 to 128 visible ASCII characters.',
    )
  }
  // JSON keeps the fields apart, and a missing timestamp (null) apart from any given one.
  return { key, fingerprint: createHash('sha256').update(JSON.stringify(input)).digest('hex') }
}

function throwAsValidationError(error: unknown): never {
  if (error instanceof StoreError && error.code === 'idempotency-key-reused') {
    throw new ValidationError(
      'idempotency-key-reused',
      'This idempotency key was already used for a different message.',
    )
  }
  throw error
}
