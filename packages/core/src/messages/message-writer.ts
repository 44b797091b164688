import { createHash } from 'node:crypto'
import { type Clock, type Store, type StoredMessage, StoreError } from '@gitmsg/store'
import { z } from 'zod'
import type { FormatVersion } from '../format/format-file.js'
import { messagePath, needsVersion2 } from '../format/message-file.js'
import { ValidationError } from '../validation-error.js'
import {
  type MessageChanges,
  type MessageInput,
  parseMessageChanges,
  parseMessageInput,
} from './message-input.js'
import { findStored } from './read-messages.js'

/** What {@link createMessageWriter} needs; time and ids come from outside. */
export interface MessageWriterDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly createUid: () => string
  /** Called once a change is durable. */
  readonly wake: () => void
  /** The newest version of the repository format that may be used. */
  readonly formatVersion: FormatVersion
}

/** Options of `post`. */
export interface PostOptions {
  /** 1 to 128 visible ASCII characters: the same key with the same input returns the first message again. */
  readonly idempotencyKey?: string | undefined
  /** If it aborts before the message's turn: rejects with a {@link StoreError} `aborted`, and nothing is stored. */
  readonly signal?: AbortSignal | undefined
  /**
   * For a post that was accepted earlier and is stored now, e.g. because a moderator has approved it: the uid that was
   * chosen then, a UUIDv7, and the time, which is the default of its timestamp. Storing it again changes nothing.
   */
  readonly accepted?: { readonly uid: string; readonly at?: string } | undefined
}

/** What is known about a message before it is posted. */
export interface CheckedMessage {
  /** The topic it would have: a reply takes that of the message it replies to. */
  readonly topic: string | null
}

/** Options of `remove`. */
export interface RemoveOptions {
  /** The version that the caller has read: if it is not the current one, rejects with `version-conflict`. */
  readonly expectedVersion?: number | undefined
  /** Who makes the change. Default: the sender. */
  readonly updatedBy?: string | undefined
  /** As in {@link PostOptions}. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `edit`. */
export interface EditOptions extends RemoveOptions {
  /** As in {@link PostOptions}. A repeated edit returns the version that the first one made. */
  readonly idempotencyKey?: string | undefined
}

/** The way in of every message and every change: checked, stored with its change in one transaction, then announced. */
export interface MessageWriter {
  check(input: MessageInput): Promise<CheckedMessage>
  post(input: MessageInput, options?: PostOptions): Promise<StoredMessage>
  /** `null` if there is no such message. */
  edit(key: number | string, changes: MessageChanges, options?: EditOptions): Promise<StoredMessage | null>
  /** Resolves with the tombstone; `null` if there is no such message. */
  remove(key: number | string, options?: RemoveOptions): Promise<StoredMessage | null>
}

export function createMessageWriter(dependencies: MessageWriterDependencies): MessageWriter {
  const { store, clock, createUid, wake, formatVersion } = dependencies
  const now = () => new Date(clock()).toISOString()
  return { check, post, edit, remove }

  async function check(input: MessageInput): Promise<CheckedMessage> {
    const { format, topic, reply_to } = parseMessageInput(input)
    assertFormatAllows({ version: 1, format, topic, reply_to })
    if (reply_to === undefined) return { topic: topic ?? null }
    const parent = await findStored(store, reply_to)
    if (!parent || parent.deleted_at !== null || parent.format === 'reaction') throw invalidReply()
    return { topic: format === 'reaction' ? parent.topic : (topic ?? parent.topic) }
  }

  async function post(input: MessageInput, options: PostOptions = {}): Promise<StoredMessage> {
    const { content, sender, timestamp, format, topic, reply_to } = parseMessageInput(input)
    assertFormatAllows({ version: 1, format, topic, reply_to })
    const extras = [format, topic, reply_to].some((field) => field !== undefined)
    const request = [content, sender, timestamp, ...(extras ? [format, topic, reply_to] : [])]
    const idempotency = toIdempotency(options.idempotencyKey, request)
    const created = now()
    const { accepted } = options
    const uid = accepted?.uid ?? createUid()
    const { message } = await store
      .createMessage({
        uid,
        content,
        sender,
        timestamp: timestamp ?? accepted?.at ?? created,
        created_at: created,
        updated_at: created,
        path: (id) => messagePath(id, uid),
        signal: options.signal,
        ...(format && { format }),
        ...(topic !== undefined && { topic }),
        ...(reply_to !== undefined && { reply_to }),
        ...(idempotency && { idempotency }),
      })
      .catch((error: unknown) => findAccepted(error, accepted?.uid))
      .catch(throwAsValidationError)
    wake()
    return message
  }

  /** The message with this uid, if it was stored before; otherwise fails as storing it did. */
  async function findAccepted(error: unknown, uid: string | undefined): Promise<{ message: StoredMessage }> {
    const isStored = uid !== undefined && error instanceof StoreError && error.code === 'duplicate-uid'
    const message = isStored ? await store.findMessage(uid) : null
    if (!message) throw error
    return { message }
  }

  async function edit(
    key: number | string,
    input: MessageChanges,
    options: EditOptions = {},
  ): Promise<StoredMessage | null> {
    const { content, format, topic } = parseMessageChanges(input)
    const message = await findStored(store, key)
    if (!message) return null
    assertFormatAllows({ version: message.version + 1 })
    const request = ['edit', message.uid, content, format, topic === null ? 'none' : [topic]]
    const idempotency = toIdempotency(options.idempotencyKey, request)
    const edited = await store
      .editMessage({
        ...toChange(message, options),
        ...(content !== undefined && { content }),
        ...(format && { format }),
        ...(topic !== undefined && { topic }),
        ...(idempotency && { idempotency }),
      })
      .catch(throwAsValidationError)
    if (edited?.changed) wake()
    return edited?.message ?? null
  }

  async function remove(key: number | string, options: RemoveOptions = {}): Promise<StoredMessage | null> {
    const message = await findStored(store, key)
    if (!message) return null
    assertFormatAllows({ version: message.version + 1 })
    const removed = await store.deleteMessage(toChange(message, options))
    if (removed?.changed) wake()
    return removed?.message ?? null
  }

  function toChange(
    { uid, sender }: StoredMessage,
    { expectedVersion, updatedBy = sender, signal }: RemoveOptions,
  ) {
    return {
      key: uid,
      updated_at: now(),
      updated_by: updatedBy === sender ? null : updatedBy,
      expected_version: expectedVersion,
      signal,
    }
  }

  function assertFormatAllows(message: Partial<MessageInput> & { version: number }): void {
    const { version, format = 'plain', topic = null, reply_to } = message
    const isReply = reply_to !== undefined
    if (formatVersion === 2 || !(isReply || needsVersion2({ version, format, topic, reply_to: null }))) return
    throw new ValidationError(
      'format-too-old',
      'The repository is held at format version 1, which has only plain messages that never change.',
    )
  }
}

/** A valid idempotency key. */
export const idempotencyKeySchema = z.string().regex(/^[\x21-\x7e]{1,128}$/)

function toIdempotency(key: string | undefined, request: readonly unknown[]) {
  if (key === undefined) return undefined
  if (!idempotencyKeySchema.safeParse(key).success) {
    throw new ValidationError(
      'invalid-idempotency-key',
      'An idempotency key must have 1 to 128 visible ASCII characters.',
    )
  }
  // JSON keeps the fields apart, and a missing one (null) apart from any given one.
  return { key, fingerprint: createHash('sha256').update(JSON.stringify(request)).digest('hex') }
}

function throwAsValidationError(error: unknown): never {
  if (error instanceof StoreError && error.code === 'idempotency-key-reused') {
    throw new ValidationError(
      'idempotency-key-reused',
      'This idempotency key was already used for a different request.',
    )
  }
  if (error instanceof StoreError && error.code === 'invalid-reply') throw invalidReply()
  throw error
}

const invalidReply = () =>
  new ValidationError(
    'invalid-reply-to',
    'There is no message with this id or uid that can be replied to.',
    'reply_to',
  )
