import type { CommitAuthor, CommitDraft, FileChange } from '@gitmsg/git-sync'
import type { StoredMessage } from '@gitmsg/store'

/** A version of a message with its file, ready to be committed. */
export interface EncodedChange {
  /** The message in this version. */
  readonly message: StoredMessage
  /** Its file: {@link messagePath} and {@link encodeMessageFile}. */
  readonly file: FileChange
}

/** The committer of every commit: the service itself. */
export const COMMITTER: CommitAuthor = { name: 'gitmsg', email: 'gitmsg@gitmsg.invalid' }

/** Dates outside this range, above all before 1970, trouble Git and its hosts, and clocks are wrong now and then. */
const EARLIEST_MS = Date.UTC(2020, 0, 1)
const LATEST_MS = Date.UTC(2099, 11, 31)

/** Characters that Git trims from both ends of a name; it rejects a name that has no others. */
const GIT_TRIMS = /^[\s.,:;"\\']+|[\s.,:;"\\']+$/g

/** Invisible, and keeps the characters around it apart. */
const WORD_JOINER = '\u2060'

/**
 * What Git hosts act on in a commit message: `@mentions`; `#1`, `!1`, `&1`, `GH-1` and `GL-1`; links to issues; and
 * words that skip a build, such as `[skip ci]`.
 */
const TRIGGER = /[@#[]|\*{3}|(?:[!&]|\bG[HL]-)(?=\d)|:(?=\/\/)/gi

/**
 * Drafts the commit of one change, or of several where each commit is expensive.
 *
 * Everything in it, dates included, follows from the messages, so the same changes on the same parent always give the
 * same commit: trying again never makes a second one.
 *
 * @throws {RangeError} if there is no change
 */
export function draftCommit(
  changes: readonly EncodedChange[],
  extraFiles: readonly FileChange[] = [],
): CommitDraft {
  const messages = changes.map(({ message }) => message)
  const [first] = messages
  const last = messages.at(-1)
  if (!first || !last) throw new RangeError('a commit holds at least one change')
  const committed = clamp(Date.parse(madeAt(last)), EARLIEST_MS, LATEST_MS)
  const single = messages.length === 1
  const written = isNew(first) ? clamp(Date.parse(first.timestamp), EARLIEST_MS, committed) : committed
  return {
    message: single ? describeOne(first) : describeMany(messages),
    author: single ? authorOf(first.updated_by ?? first.sender) : COMMITTER,
    authorDate: new Date(single ? written : committed),
    committer: COMMITTER,
    committerDate: new Date(committed),
    files: [...extraFiles, ...changes.map(({ file }) => file)],
  }
}

const isNew = ({ version }: StoredMessage): boolean => version === 1

/** When this version was made. */
const madeAt = (message: StoredMessage): string => (isNew(message) ? message.created_at : message.updated_at)

/** A person as the author of a commit: unchanged, except for characters that Git rejects in a name. */
function authorOf(person: string): CommitAuthor {
  const name = person.replaceAll(/[<>]/g, '').replace(GIT_TRIMS, '')
  return { name: name || 'unknown', email: 'sender@gitmsg.invalid' }
}

/** A name for the text of a commit: it looks the same, but mentions no one and triggers nothing on a Git host. */
export function neutralizeMentions(name: string): string {
  return name.replaceAll(TRIGGER, `$&${WORD_JOINER}`)
}

function subject(message: StoredMessage): string {
  const { origin_id, sender, deleted_at } = message
  const words = isNew(message) ? 'Message' : deleted_at === null ? 'Edit message' : 'Delete message'
  return `${words} ${origin_id} from ${neutralizeMentions(sender)}`
}

function describeOne(message: StoredMessage): string {
  const { uid, version, sender, reply_to, topic, updated_by } = message
  const trailers = [
    ['Message-Id', uid],
    ...(isNew(message) ? [] : [['Version', version]]),
    ['Sender', neutralizeMentions(sender)],
    ...(isNew(message) && reply_to !== null ? [['In-Reply-To', reply_to]] : []),
    ...(isNew(message) && topic !== null ? [['Topic', neutralizeMentions(topic)]] : []),
    ...(updated_by === null ? [] : [['Changed-By', neutralizeMentions(updated_by)]]),
  ]
  return `${subject(message)}\n\n${trailers.map(([name, value]) => `${name}: ${value}\n`).join('')}`
}

function describeMany(messages: readonly StoredMessage[]): string {
  const subjects = messages.map(subject).join('\n')
  const trailers = messages.map(({ uid }) => `Message-Id: ${uid}`).join('\n')
  const noun = messages.every(isNew) ? 'messages' : 'changes'
  return `Back up ${messages.length} ${noun}\n\n${subjects}\n\n${trailers}\n`
}

function clamp(time: number, low: number, high: number): number {
  return Math.min(Math.max(time, low), high)
}
