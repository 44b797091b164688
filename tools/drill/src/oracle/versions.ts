import { rmSync } from 'node:fs'
import { git, isIntact } from '../rig/shell.js'
import { type ApiMessage, type ApiVersion, listAll, readHistory } from './api-client.js'

/** One version of a message's file, as `git log -p` shows it. */
export interface FileVersion {
  readonly commit: string
  readonly path: string
  readonly uid: string
  readonly version: number
  readonly sender: string
  /** What its client recorded: the content or, because reactions are alike, sender and content. `null`: a tombstone. */
  readonly text: string | null
}

/** The fields by which a message in a file and one from the API are compared. */
type Fields = Pick<ApiMessage, 'uid' | 'sender' | 'version' | 'format'> & { content?: string | null }

const START = '\x01'
/** A file of the branch, complete: no version has more lines. */
const LOG = ['log', '--patch', '--unified=99', '--no-renames', '--reverse', `--format=${START}%H`]

/** Clones the repository and reads every version of every message, in the order of the branch. */
export function readVersions(
  repository: string,
  clone: string,
): { versions: FileVersion[]; problems: string[] } {
  try {
    git('.', 'clone', '--quiet', '--bare', '--no-hardlinks', '--branch', 'main', repository, clone)
    const versions = git(clone, ...LOG, 'main', '--', 'messages')
      .split(START)
      .slice(1)
      .flatMap(versionsOf)
    const damaged = [repository, clone].filter((path) => !isIntact(path))
    return { versions, problems: [...damaged.map((path) => `fsck of ${path} fails`), ...disorder(versions)] }
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}

/** The last version of each message, by uid. */
export const lastVersions = (versions: readonly FileVersion[]): Map<string, FileVersion> =>
  new Map(versions.map((version) => [version.uid, version]))

/** What a server shows of all messages. */
export interface View {
  /** Tombstones and reactions included. */
  readonly messages: readonly ApiMessage[]
  /** The versions of one message, newest first. */
  readonly history: readonly ApiVersion[]
}

/** Reads what a server shows, with the history of the message `uid`. */
export async function readView(url: string, uid: string): Promise<View> {
  const lists = [
    await listAll(url),
    await listAll(url, 'deleted=true'),
    await listAll(url, 'format=reaction'),
  ]
  return { messages: lists.flat(), history: await readHistory(url, uid) }
}

/**
 * Compares what a server shows of each message with its last version on the branch: the text, the version and the
 * commit.
 *
 * @returns a line for each message that differs
 */
export function differencesOf({ messages }: View, versions: readonly FileVersion[]): string[] {
  const describe = (version: number, commit: string | null, text: string | null) =>
    `version ${version} of commit ${commit}: ${JSON.stringify(text)}`
  const here = new Map(
    messages.map((message) => {
      const { uid, version = 1, git_hash } = message
      return [uid, describe(version, git_hash, textOf(message))]
    }),
  )
  const there = new Map(
    [...lastVersions(versions)].map(([uid, { version, commit, text }]) => [
      uid,
      describe(version, commit, text),
    ]),
  )
  const twice = messages.length === here.size ? [] : ['a message is listed twice']
  const uids = [...new Set([...here.keys(), ...there.keys()])]
  const different = uids.filter((uid) => here.get(uid) !== there.get(uid))
  return [...twice, ...different.map((uid) => `${uid} is ${here.get(uid)} instead of ${there.get(uid)}`)]
}

/** Whether a history has just these versions of a message's file. */
export function isHistoryOf({ history }: View, versions: readonly FileVersion[]): boolean {
  const shown = history.map(({ version, git_hash, content }) => [version, git_hash, content])
  const ofFile = versions.map(({ version, commit, text }) => [version, commit, text]).reverse()
  return JSON.stringify(shown) === JSON.stringify(ofFile)
}

/** The files that a commit added or changed, from its part of the log. */
function versionsOf(entry: string): FileVersion[] {
  const [commit = '', ...diffs] = entry.split(/^diff --git /m)
  return diffs.map((diff) => {
    const path = /^\+\+\+ b\/(.*)$/m.exec(diff)?.[1] ?? 'a removed file'
    const lines = diff.split('\n').filter((line) => /^[+ ]/.test(line) && !line.startsWith('+++ '))
    const file = parse(lines.map((line) => line.slice(1)).join('\n'))
    const { uid, version = 1, sender } = file
    return { commit: commit.trim(), path, uid, version, sender, text: textOf(file) }
  })
}

/** A file that is not a message counts as a content that was never sent. */
function parse(text: string): Fields {
  try {
    return JSON.parse(text) as Fields
  } catch {
    return { uid: '', sender: '', content: text }
  }
}

function textOf({ format, sender, content }: Fields): string | null {
  return format === 'reaction' && content ? `${sender} ${content}` : (content ?? null)
}

/** What no order of posts, edits and deletions can lead to. */
function disorder(versions: readonly FileVersion[]): string[] {
  const last = new Map<string, FileVersion>()
  const problems: string[] = []
  for (const version of versions) {
    const before = last.get(version.uid)
    last.set(version.uid, version)
    if (!before) continue
    if (before.path !== version.path) problems.push(`${version.uid} has two files`)
    if (before.text === null) problems.push(`a version of ${version.path} follows its tombstone`)
    if (before.version >= version.version)
      problems.push(`version ${version.version} of ${version.path} follows version ${before.version}`)
  }
  return problems
}
