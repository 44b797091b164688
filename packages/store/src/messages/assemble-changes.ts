import type { Outcome } from '../database/write-group.js'
import { StoreError } from '../store-error.js'
import type {
  ChangedMessage,
  MessageChange,
  MessageEdit,
  MessageVersion,
  StoredMessage,
} from '../stored-message.js'
import { assertSameRequest, type FirstUse } from './idempotency-keys.js'
import { versionKey } from './versions.js'

/** An edit or a deletion. */
export type Change =
  | { readonly type: 'edit'; readonly edit: MessageEdit }
  | { readonly type: 'deletion'; readonly deletion: MessageChange }

/** What is stored of that on which the outcome of some changes depends. */
export interface KnownMessages {
  /** By id and by uid. */
  readonly messages: ReadonlyMap<number | string, StoredMessage>
  readonly firstUses: ReadonlyMap<string, FirstUse>
  /** The earlier versions with which repeated edits resolve, by {@link versionKey}. */
  readonly versions: ReadonlyMap<string, MessageVersion>
}

/** A message that is changed. */
export interface ChangedState {
  readonly stored: StoredMessage
  readonly current: StoredMessage
  /** Whether it was deleted: none of its versions is kept then. */
  readonly isErased: boolean
}

/** What becomes of some changes. */
export interface ChangeGroup {
  /** For each change, in order. */
  readonly outcomes: Outcome<ChangedMessage | null>[]
  readonly states: readonly ChangedState[]
  /** The new versions in their order, but those that a deletion followed. The last one of a message is its current one. */
  readonly made: readonly StoredMessage[]
  /** The number of positions that were used. */
  readonly positions: number
  /** The first uses of idempotency keys to store, by key. */
  readonly firstUses: ReadonlyMap<string, FirstUse>
}

/** Decides what becomes of changes, in the given order. One that fails does not affect the others. */
export function assembleChanges(
  changes: readonly Change[],
  known: KnownMessages,
  firstPosition: number,
): ChangeGroup {
  const states = new Map<number, ChangedState>()
  const firstUses = new Map<string, FirstUse>()
  let made: StoredMessage[] = []
  let positions = 0

  function editOne(edit: MessageEdit): ChangedMessage | null {
    const message = findCurrent(edit)
    if (!message) return null
    if (message.deleted_at !== null) throw new StoreError('deleted', 'the message is deleted')
    const earlier = findEarlierVersion(edit, message)
    if (earlier) return { message: earlier, changed: false }
    if (message.format === 'reaction') throw new StoreError('not-editable', 'a reaction cannot be edited')
    assertExpected(message, edit)

    const { content = message.content, format = message.format, topic = message.topic } = edit
    const isSame = content === message.content && format === message.format && topic === message.topic
    const edited = isSame ? message : makeVersion(message, { ...nextOf(edit), content, format, topic })
    if (edit.idempotency) {
      const { key, fingerprint } = edit.idempotency
      firstUses.set(key, { fingerprint, message: edited, version: edited.version })
    }
    return { message: edited, changed: !isSame }
  }

  function deleteOne(deletion: MessageChange): ChangedMessage | null {
    const message = findCurrent(deletion)
    if (!message) return null
    if (message.deleted_at !== null) return { message, changed: false }
    assertExpected(message, deletion)
    made = made.filter(({ id }) => id !== message.id)
    const erased = { content: '', format: 'plain', deleted_at: deletion.updated_at } as const
    return { message: makeVersion(message, { ...nextOf(deletion), ...erased }), changed: true }
  }

  function findCurrent({ key, signal }: MessageChange): StoredMessage | undefined {
    if (signal?.aborted) throw new StoreError('aborted', 'aborted by the signal')
    const stored = known.messages.get(key)
    return stored && (states.get(stored.id)?.current ?? stored)
  }

  /** The version that the first call with this key resulted in, or the current one if that is not stored any more. */
  function findEarlierVersion(
    { idempotency }: MessageEdit,
    message: StoredMessage,
  ): StoredMessage | undefined {
    const first = idempotency && (firstUses.get(idempotency.key) ?? known.firstUses.get(idempotency.key))
    if (!first) return
    const { version } = first
    const isSameCall = version !== null && first.message.id === message.id
    assertSameRequest(first, { fingerprint: idempotency.fingerprint, isSameCall })
    if (version === null || version === message.version) return message
    const inGroup = [...made, first.message].find((one) => one.id === message.id && one.version === version)
    if (inGroup) return inGroup
    return { ...message, ...known.versions.get(versionKey({ message_id: message.id, version })) }
  }

  /** Makes the next version the current one; no repository has it yet. */
  function makeVersion(message: StoredMessage, fields: Partial<StoredMessage>): StoredMessage {
    const version = message.version + 1
    const position = firstPosition + positions
    const current = { ...message, ...fields, version, position, git_hash: null, is_synchronized: false }
    const stored = states.get(message.id)?.stored ?? message
    states.set(message.id, { stored, current, isErased: current.deleted_at !== null })
    made.push(current)
    positions += 1
    return current
  }

  const outcomes = changes.map((change) =>
    outcomeOf(() => (change.type === 'edit' ? editOne(change.edit) : deleteOne(change.deletion))),
  )
  return { outcomes, states: [...states.values()], made, positions, firstUses }
}

const nextOf = ({ updated_at, updated_by = null }: MessageChange) => ({ updated_at, updated_by })

function assertExpected({ version }: StoredMessage, { expected_version }: MessageChange): void {
  if (expected_version === undefined || expected_version === version) return
  throw new StoreError('version-conflict', 'the current version is not the expected one')
}

function outcomeOf<Result>(decide: () => Result): Outcome<Result> {
  try {
    return { result: decide() }
  } catch (error) {
    if (error instanceof StoreError) return { error }
    throw error
  }
}
