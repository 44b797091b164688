import type { CommitDraft, FileChange } from '@gitmsg/git-sync'
import type { StoredMessage } from '@gitmsg/store'
import { authorOf, committer } from './author.js'
import { quietName } from './quiet-name.js'

/** A message with its file, ready to be committed. */
export interface EncodedChange {
  /** The message as it is stored. */
  readonly message: StoredMessage
  /** Its file: {@link messagePath} and {@link encodeMessageFile}. */
  readonly file: FileChange
}

/** Dates beyond these, before 1970 above all, trouble Git and its hosts; clocks are wrong now and then. */
const EARLIEST = Date.UTC(2020, 0, 1)
const LATEST = Date.UTC(2099, 11, 31)

/**
 * The commit of one message or, where each commit is expensive, of several.
 *
 * All of it follows from the messages, the dates too, so that the same messages on the same parent are
 * always the same commit: trying again never makes a second one.
 */
export function draftCommit(
  changes: readonly EncodedChange[],
  extraFiles: readonly FileChange[] = [],
): CommitDraft {
  const messages = changes.map(({ message }) => message)
  const [first] = messages
  const last = messages.at(-1)
  if (!first || !last) throw new RangeError('A commit holds at least one message.')
  const committed = clamp(Date.parse(last.created_at), EARLIEST, LATEST)
  const single = messages.length === 1
  return {
    message: single ? describeOne(first) : describeMany(messages),
    author: single ? authorOf(first.sender) : committer,
    authorDate: new Date(single ? clamp(Date.parse(first.timestamp), EARLIEST, committed) : committed),
    committer,
    committerDate: new Date(committed),
    files: [...extraFiles, ...changes.map(({ file }) => file)],
  }
}

const subject = ({ origin_id, sender }: StoredMessage) => `Message ${origin_id} from ${quietName(sender)}`

function describeOne(message: StoredMessage): string {
  return `${subject(message)}\n\nMessage-Id: ${message.uid}\nSender: ${quietName(message.sender)}\n`
}

function describeMany(messages: readonly StoredMessage[]): string {
  const subjects = messages.map(subject).join('\n')
  const trailers = messages.map(({ uid }) => `Message-Id: ${uid}`).join('\n')
  return `Back up ${messages.length} messages\n\n${subjects}\n\n${trailers}\n`
}

function clamp(time: number, low: number, high: number): number {
  return Math.min(Math.max(time, low), high)
}
