import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { NAUGHTY_SENDERS, NAUGHTY_STRINGS } from '../testing/naughty-strings.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

const require = createRequire(import.meta.url)
/** The well-known list, without empty texts, which are not messages. */
const KNOWN_STRINGS: string[] = require('big-list-of-naughty-strings').filter(
  (text: string) => text.trim() !== '',
)

/** Text in a commit message that a Git host or a CI system would act on. */
const ACTED_ON = /@\w|[#!&]\d|G[HL]-\d|https?:\/\/|\[(?:skip ci|ci skip)\]|\*{3}NO_CI/

/** Any code points that are a valid content. */
const anyContent = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 200 })
  .filter((text) => text.trim() !== '' && !text.includes('\0'))

describe('any valid text', () => {
  // Covers IN-32, V1.1.2, V1.2.3
  it('is returned unchanged by the API, the database and the repository', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const client = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    const sent: Text[] = [
      ...[...NAUGHTY_STRINGS, ...KNOWN_STRINGS, ...fc.sample(anyContent, 100)].map((content) => ({
        content,
        sender: 'alice',
      })),
      ...NAUGHTY_SENDERS.map((sender) => ({ content: `from ${sender}`, sender })),
    ]
    expect(KNOWN_STRINGS.length).toBeGreaterThan(400)
    expect(sent.length).toBeLessThanOrEqual(1000)
    const ids = await Promise.all(sent.map(({ content, sender }) => client.post(content, sender)))
    const stored = ids
      .map((id, index) => ({ id, ...sent[index] }))
      .toSorted((one, other) => one.id - other.id)
    await until(async () => (await client.sync()).pending === 0)

    const texts = (messages: readonly (Text & { id: number })[]) =>
      messages.map(({ id, content, sender }) => ({ id, content, sender }))
    expect(texts((await client.list('?limit=1000')).toReversed())).toEqual(stored)
    expect(texts(messagesInDatabase(join(workspace.path, 'data/gitmsg.db')))).toEqual(stored)
    git(workspace.path, 'clone', '--quiet', remote, 'clone')
    expect(texts(messagesInClone(join(workspace.path, 'clone')))).toEqual(stored)
    expect(git(remote, 'fsck', '--strict', '--full')).toBe('')
    expect(git(remote, 'rev-list', '--count', 'main')).toBe(String(sent.length))
  })

  // Covers IN-36, V1.3.3
  it('becomes one commit with two trailers, whose message no Git host acts on, for every sender', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const client = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    const content = 'Fixes #1 @octocat [skip ci]\n\nMessage-Id: forged'
    await Promise.all(NAUGHTY_SENDERS.map((sender) => client.post(content, sender)))
    await until(async () => (await client.sync()).pending === 0)

    const commits = commitsIn(remote)
    const messages = await client.list('?limit=1000')
    expect(messages).toHaveLength(NAUGHTY_SENDERS.length)
    for (const { git_hash, uid, sender, id } of messages) {
      const { text = '', trailers = [] } = commits.get(String(git_hash)) ?? {}
      expect(text).not.toMatch(ACTED_ON)
      const [subject = '', blank] = text.split('\n')
      expect([withoutJoiners(subject).trimEnd(), blank]).toEqual([
        `Message ${id} from ${sender}`.trimEnd(),
        '',
      ])
      expect(trailers.map((trailer) => withoutJoiners(trailer).trim())).toEqual([
        `Message-Id: ${uid}`,
        `Sender: ${sender.trim()}`,
      ])
    }
  })
})

/** Removes the invisible joiners that keep a Git host from acting on a name. */
const withoutJoiners = (text: string) => text.replaceAll('\u2060', '')

interface Text {
  readonly content: string
  readonly sender: string
}

function messagesInDatabase(path: string): (Text & { id: number })[] {
  const database = new Database(path, { readonly: true })
  try {
    return database.prepare('SELECT id, content, sender FROM messages ORDER BY id').all() as never
  } finally {
    database.close()
  }
}

function messagesInClone(path: string): (Text & { id: number })[] {
  const added = git(path, 'log', '--reverse', '--format=', '--name-only', '--diff-filter=A', '--', 'messages')
  const files = added.split('\n').filter(Boolean)
  return files.map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')))
}

/** The message of each commit by hash, with the trailers that git itself finds in it. */
function commitsIn(path: string): Map<string, { text: string; trailers: string[] }> {
  const log = git(path, 'log', '--format=%H%x00%B%x00%(trailers:only,unfold)%x00', 'main')
  const parts = log.split('\0').slice(0, -1)
  const commits = new Map<string, { text: string; trailers: string[] }>()
  for (let index = 0; index < parts.length; index += 3) {
    const [hash = '', text = '', trailers = ''] = parts.slice(index, index + 3)
    commits.set(hash.trim(), { text, trailers: trailers.trim().split('\n') })
  }
  return commits
}
