import { randomUUID } from 'node:crypto'
import type { Store } from '../store.js'
import type { MessageChange, MessageEdit, NewMessage, StoredMessage } from '../stored-message.js'
import type { RecordedVersion } from '../synchronization.js'

/** Returns a valid message with a new uid. Give the fields that matter to the test. */
export function newMessage(overrides: Partial<NewMessage> = {}): NewMessage {
  const uid = overrides.uid ?? randomUUID()
  const timestamp = overrides.timestamp ?? new Date().toISOString()
  return {
    uid,
    content: 'hello',
    sender: 'ada',
    timestamp,
    created_at: timestamp,
    updated_at: timestamp,
    path: (id) => `messages/${id}/${uid}.json`,
    ...overrides,
  }
}

/** A version of a message of another server, as an importer passes it on. */
export function recordedVersion(uid: string, overrides: Partial<RecordedVersion> = {}): RecordedVersion {
  return {
    uid,
    content: 'hello',
    sender: 'eve',
    timestamp: minute(0),
    created_at: minute(0),
    updated_at: minute(0),
    path: `messages/${uid}`,
    origin_id: 7,
    git_hash: 'c8',
    version: 1,
    format: 'plain',
    topic: null,
    reply_to: null,
    updated_by: null,
    deleted_at: null,
    ...overrides,
  }
}

/** What a new message has in the fields that {@link newMessage} does not give it. */
export const FIRST_VERSION = {
  version: 1,
  format: 'plain',
  topic: null,
  reply_to: null,
  thread: null,
  updated_by: null,
  deleted_at: null,
  git_hash: null,
  is_synchronized: false,
  synchronized_version: null,
} satisfies Partial<StoredMessage>

/** The cursor of settlements in tests that are not about the cursor. */
export const CURSOR = { commit: 'c9', format: 1 }

/** Creates a message for each uid, in order. */
export const createAll = (store: Store, ...uids: string[]) =>
  Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid }))))

/** Marks the current versions of the messages with these uids as synchronized, all by one commit. */
export async function settleAll(store: Store, ...uids: string[]): Promise<void> {
  const versions = new Map((await store.findMessages(uids)).map(({ uid, version }) => [uid, version]))
  const published = uids.map((uid) => ({ uid, version: versions.get(uid) ?? 1, git_hash: 'c1' }))
  await store.settle({ published, cursor: CURSOR })
}

/** The uids of the pending messages, in the order of their changes. */
export const pendingUids = async (store: Store) =>
  (await store.oldestChanges(1000)).map(({ message }) => message.uid)

/** The pending versions in the order of their changes, such as `a 2`. */
export const pendingVersions = async (store: Store) =>
  (await store.oldestChanges(1000)).map(({ message }) => `${message.uid} ${message.version}`)

/** Edits a message: replaces its content and, if they are given, other fields. */
export const edit = (
  store: Store,
  key: number | string,
  content: string,
  fields: Partial<MessageEdit> = {},
) => store.editMessage({ key, content, updated_at: minute(10), ...fields })

/** Deletes a message. */
export const remove = (store: Store, key: number | string, fields: Partial<MessageChange> = {}) =>
  store.deleteMessage({ key, updated_at: minute(20), ...fields })

/** Creates a reply, with its own uid as content. */
export const reply = (
  store: Store,
  reply_to: number | string,
  fields: Partial<NewMessage> & { uid: string },
) => store.createMessage(newMessage({ content: fields.uid, reply_to, ...fields }))

/** Reacts to a message with an emoji. */
export const react = (store: Store, reply_to: number | string, sender: string, content = '👍') =>
  store.createMessage(newMessage({ reply_to, sender, content, format: 'reaction' }))

/** Marks versions such as `a 2` as published, each by a commit of its own: `c of a 2`. */
export const publish = (store: Store, ...versions: string[]) =>
  store.settle({
    published: versions.map((text) => {
      const [uid = '', version] = text.split(' ')
      return { uid, version: Number(version), git_hash: `c of ${text}` }
    }),
    cursor: CURSOR,
  })

/** Records versions read from the repository, and returns their outcomes. */
export const record = (store: Store, ...recorded: RecordedVersion[]) =>
  store.settle({ recorded, cursor: CURSOR })

/** For each call: `created`, or the code of its error. */
export const outcomesOf = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((result) =>
    result.status === 'fulfilled' ? 'created' : result.reason.code,
  )

/** The time `count` minutes after the beginning of a day. */
export const minute = (count: number) => new Date(Date.UTC(2025, 0, 9, 0, count)).toISOString()

/** Ids 1 to 60, from ada and bob in turn, one a minute; the even ones up to 20 are synchronized. */
export async function createSixty(store: Store): Promise<void> {
  const messages = Array.from({ length: 60 }, (_, index) =>
    newMessage({ uid: `u${index + 1}`, sender: index % 2 ? 'bob' : 'ada', timestamp: minute(index + 1) }),
  )
  await Promise.all(messages.map((message) => store.createMessage(message)))
  await settleAll(store, ...Array.from({ length: 10 }, (_, index) => `u${2 * index + 2}`))
}
