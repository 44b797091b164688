import type { Reader } from '../database/database.js'
import { NEW_RANK } from '../database/schema.js'
import { MESSAGE_COLUMNS, toMessage } from '../messages/message-row.js'
import type { StoredMessage, VersionFields } from '../stored-message.js'
import type { RecordedVersion } from '../synchronization.js'

/** A version that is to be compared with a recorded one. */
interface ComparableVersion extends VersionFields {
  readonly isTombstone: boolean
}

/** A version that the repository is not known to have. */
export interface PendingVersion extends ComparableVersion {
  /** Whether it was in a history that was lost. */
  readonly wasPublished: boolean
}

/** What is stored of a message. */
export interface MessageState {
  readonly message: StoredMessage
  /** The version that the repository is known to have; without its fields if they were erased. */
  readonly synchronized: ComparableVersion | Pick<ComparableVersion, 'version' | 'isTombstone'> | null
  /** Oldest first. */
  readonly pending: readonly PendingVersion[]
}

/** What a recorded version means for a message that is stored. */
export type Decision =
  | { readonly outcome: 'known' | 'outdated' | 'conflict' | 'settled' }
  | {
      readonly outcome: 'applied'
      /** Pending versions that are dropped: an older server's copy of what was published, or before a tombstone. */
      readonly forgotten: readonly PendingVersion[]
      /** Pending versions that follow the recorded one, oldest first, with their new numbers. */
      readonly renumbered: readonly Renumbered[]
    }

/** The numbers of a pending version before and after a recorded one was taken. */
export interface Renumbered {
  readonly from: number
  readonly to: number
}

/**
 * The rule by which any number of servers converge without a clock: the branch's order decides, the last commit wins,
 * and a deletion wins for good.
 *
 * It was checked with a model of three servers, with crashes, rollbacks and purges; `core` repeats that with the real
 * importer.
 */
export function decide(
  { message, synchronized, pending }: MessageState,
  recorded: RecordedVersion,
): Decision {
  if (!isSameMessage(message, recorded)) return { outcome: 'conflict' }
  const { version } = recorded
  if (synchronized && version === synchronized.version) {
    return { outcome: isKnown(synchronized, recorded) ? 'known' : 'conflict' }
  }
  if (synchronized && version < synchronized.version) return { outcome: 'outdated' }
  if (synchronized?.isTombstone) return { outcome: 'conflict' }
  if (pending.some((one) => isSameVersion(one, recorded))) return { outcome: 'settled' }
  if (recorded.deleted_at !== null) return { outcome: 'applied', forgotten: pending, renumbered: [] }

  // Only what was published can be edited elsewhere, so a pending first version was, even if that is not known here.
  const isFirst = (one: PendingVersion) => one.version === 1 && version > 1
  const isForgotten = (one: PendingVersion) => (one.wasPublished || isFirst(one)) && one.version <= version
  let last = version
  const renumbered = pending
    .filter((one) => !isForgotten(one))
    .map((one) => {
      last = Math.max(last + 1, one.wasPublished ? one.version : 0)
      return { from: one.version, to: last }
    })
  return { outcome: 'applied', forgotten: pending.filter(isForgotten), renumbered }
}

/** Whether everything agrees that never changes. */
function isSameMessage(message: StoredMessage, recorded: RecordedVersion): boolean {
  const isTombstone = message.deleted_at !== null || recorded.deleted_at !== null
  return (
    message.sender === recorded.sender &&
    message.reply_to === recorded.reply_to &&
    message.timestamp === recorded.timestamp &&
    message.created_at === recorded.created_at &&
    message.path === recorded.path &&
    message.origin_id === recorded.origin_id &&
    (isTombstone || (message.format === 'reaction') === (recorded.format === 'reaction'))
  )
}

/** A version whose fields were erased is treated as the one that is recorded. */
function isKnown(
  synchronized: NonNullable<MessageState['synchronized']>,
  recorded: RecordedVersion,
): boolean {
  return !('content' in synchronized) || isSameVersion(synchronized, recorded)
}

function isSameVersion(one: ComparableVersion, recorded: RecordedVersion): boolean {
  return (
    one.version === recorded.version &&
    one.isTombstone === (recorded.deleted_at !== null) &&
    one.content === recorded.content &&
    one.format === recorded.format &&
    one.topic === recorded.topic &&
    one.updated_at === recorded.updated_at &&
    one.updated_by === recorded.updated_by
  )
}

const toComparable = (message: StoredMessage): ComparableVersion => ({
  ...message,
  isTombstone: message.deleted_at !== null,
})

/** What is stored of those of these messages that are, by uid. Quarantined versions are pending too. */
export async function loadStates(
  reader: Reader,
  uids: readonly string[],
): Promise<Map<string, MessageState>> {
  const rows = await reader.queries
    .selectFrom('messages')
    .select(MESSAGE_COLUMNS)
    .where('uid', 'in', reader.texts(uids))
    .execute()
  const messages = new Map(rows.map((row) => [row.id, toMessage(row)]))
  if (messages.size === 0) return new Map()
  const pending = await loadPending(reader, messages)
  const earlier = await loadEarlierSynchronized(reader, [...messages.keys()])
  return new Map(
    [...messages.values()].map((message) => [
      message.uid,
      {
        message,
        synchronized: synchronizedOf(message, earlier.get(message.id)),
        pending: pending.get(message.id) ?? [],
      },
    ]),
  )
}

function synchronizedOf(
  message: StoredMessage,
  earlier: ComparableVersion | undefined,
): MessageState['synchronized'] {
  const { synchronized_version: version } = message
  if (version === null) return null
  if (version === message.version) return toComparable(message)
  return earlier ?? { version, isTombstone: false }
}

async function loadPending(
  reader: Reader,
  messages: ReadonlyMap<number, StoredMessage>,
): Promise<Map<number, PendingVersion[]>> {
  const rows = await reader.queries
    .selectFrom('outbox')
    .leftJoin('versions', (join) =>
      join
        .onRef('versions.message_id', '=', 'outbox.message_id')
        .onRef('versions.version', '=', 'outbox.version'),
    )
    .select([
      'outbox.message_id',
      'outbox.version',
      'rank',
      'content',
      'format',
      'topic',
      'updated_at',
      'updated_by',
    ])
    .where('outbox.message_id', 'in', reader.numbers([...messages.keys()]))
    .orderBy('outbox.message_id')
    .orderBy('outbox.version')
    .execute()
  const pending = new Map<number, PendingVersion[]>()
  for (const { message_id, rank, ...fields } of rows) {
    const message = messages.get(message_id)
    const version =
      message?.version === fields.version
        ? toComparable(message)
        : { ...(fields as VersionFields), isTombstone: false }
    const versions = pending.get(message_id) ?? []
    versions.push({ ...version, wasPublished: rank < NEW_RANK })
    pending.set(message_id, versions)
  }
  return pending
}

/** By message: the versions before the current ones that the repository is known to have. */
async function loadEarlierSynchronized(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, ComparableVersion>> {
  const rows = await reader.queries
    .selectFrom('messages')
    .innerJoin('versions', (join) =>
      join
        .onRef('versions.message_id', '=', 'messages.id')
        .onRef('versions.version', '=', 'messages.synchronized_version'),
    )
    .select([
      'versions.message_id',
      'versions.version',
      'versions.content',
      'versions.format',
      'versions.topic',
      'versions.updated_at',
      'versions.updated_by',
    ])
    .where('messages.id', 'in', reader.numbers(ids))
    .execute()
  return new Map(
    rows.map(({ message_id, ...fields }) => [
      message_id,
      { ...(fields as VersionFields), isTombstone: false },
    ]),
  )
}
