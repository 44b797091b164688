import type { MessageVersion, Store, StoredMessage } from '@gitmsg/store'

/** The most messages or versions that the store looks up at a time. */
const MOST_PER_LOOKUP = 10_000

/** Names one version of a message. */
export interface VersionName {
  readonly uid: string
  readonly version: number
}

/** Looks up messages by uid, in as many calls as the store needs: a single commit may name any number. */
export async function findByUid(
  store: Store,
  uids: readonly string[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  const wanted = [...new Set(uids)]
  const messages = new Map<string, StoredMessage>()
  for (let start = 0; start < wanted.length; start += MOST_PER_LOOKUP) {
    for (const message of await store.findMessages(wanted.slice(start, start + MOST_PER_LOOKUP))) {
      messages.set(message.uid, message)
    }
  }
  return messages
}

/** A version before the current one, as the message that it was, with the number of its row. */
export interface StoredVersion {
  readonly number: number
  readonly message: StoredMessage
}

/** Looks up versions before the current ones of these messages, by {@link versionKey}. */
export async function findEarlierVersions(
  store: Store,
  messages: ReadonlyMap<string, StoredMessage>,
  wanted: readonly VersionName[],
): Promise<ReadonlyMap<string, StoredVersion>> {
  const versions = new Map<string, StoredVersion>()
  for (let start = 0; start < wanted.length; start += MOST_PER_LOOKUP) {
    for (const { uid, number, message_id: _, ...version } of await store.findVersions(
      wanted.slice(start, start + MOST_PER_LOOKUP),
    )) {
      const message = messages.get(uid)
      if (!message) continue
      versions.set(versionKey({ uid, version: version.version }), {
        number,
        message: inVersion(message, version),
      })
    }
  }
  return versions
}

export const versionKey = ({ uid, version }: VersionName): string => `${uid} ${version}`

/** The message as it is stored in this version; as it is now, if that version is not stored; `null` without either. */
export async function findVersion(
  store: Store,
  { uid, version }: VersionName,
): Promise<StoredMessage | null> {
  const message = await store.findMessage(uid)
  if (!message || message.version === version) return message
  const [earlier] = await store.findVersions([{ uid, version }])
  return earlier ? inVersion(message, earlier) : message
}

function inVersion(message: StoredMessage, fields: MessageVersion): StoredMessage {
  const { version, content, format, topic, updated_at, updated_by, git_hash, is_synchronized } = fields
  return {
    ...message,
    ...{ version, content, format, topic, updated_at, updated_by, git_hash, is_synchronized },
    deleted_at: null,
  }
}
