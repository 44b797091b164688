import type { RecordedCommit, RecordedFile } from '@gitmsg/git-sync'
import type { StoredMessage } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COMMITTER } from '../format/commit.js'
import { formatFile } from '../format/format-file.js'
import { encodeMessageFile } from '../format/message-file.js'
import { fileOfAnother } from '../testing/drafts.js'
import { openNode } from '../testing/open-node.js'
import { createIdFlags, Seen } from './id-flags.js'
import { createReplay } from './replay.js'

const HASH = 'a'.repeat(40)
const bytes = (text: string) => Buffer.from(text)
const date = new Date(0)

const commit = (hash: string, ...files: RecordedFile[]): RecordedCommit => ({
  hash,
  author: COMMITTER,
  authorDate: date,
  committer: COMMITTER,
  committerDate: date,
  message: 'test',
  files,
})

const fileOf = (message: StoredMessage): RecordedFile => ({
  path: message.path,
  content: bytes(encodeMessageFile(message)),
})

/** A store with one synchronized message, and a replay of nothing yet. */
async function openReplay() {
  const node = await openNode()
  const { uid } = await node.post('hello')
  await node.dispatchOnce()
  const message = (await node.store.findMessage(uid)) as StoredMessage
  const flags = createIdFlags()
  const replay = createReplay(node.store, { flags, versionFlags: createIdFlags() })
  return { message, flags, replay, [Symbol.asyncDispose]: () => node.store.close() }
}

describe('createReplay()', () => {
  it('calls a message sound and proven if its own commit added its exact file', async () => {
    await using test = await openReplay()
    await test.replay.add([commit(test.message.git_hash ?? '', fileOf(test.message))])
    expect(test.flags.get(test.message.id)).toBe(Seen.SOUND | Seen.PROVEN)
    expect(test.replay.unmatchedFiles.size).toBe(0)
  })

  it('calls a message sound, but not proven, if another commit added its file, and remembers that commit', async () => {
    await using test = await openReplay()
    await test.replay.add([commit(HASH, fileOf(test.message))])
    expect(test.flags.get(test.message.id)).toBe(Seen.SOUND)
    expect(test.replay.otherSources.get(test.message.id)).toBe(HASH)
  })

  it('calls a message altered while its path has other content, and sound again once that is undone', async () => {
    await using test = await openReplay()
    const { path, id } = test.message
    await test.replay.add([commit(HASH, { path, content: bytes('other') })])
    expect(test.flags.get(id)).toBe(Seen.ALTERED)
    await test.replay.add([commit(HASH, fileOf(test.message))])
    expect(test.flags.get(id)).toBe(Seen.SOUND)
  })

  it('forgets that a message is sound once its file is removed', async () => {
    await using test = await openReplay()
    await test.replay.add([commit(HASH, fileOf(test.message))])
    await test.replay.add([commit(HASH, { path: test.message.path, content: null })])
    expect(test.flags.get(test.message.id)).toBe(0)
  })

  it('remembers a message that the database lacks even after its file is removed, but forgets other files', async () => {
    await using test = await openReplay()
    const { path, content } = fileOfAnother(7)
    const junk = 'messages/00/00/00/note.json'
    await test.replay.add([
      commit(HASH, { path, content: bytes(content) }, { path: junk, content: bytes('hi') }),
    ])
    expect([...test.replay.unmatchedFiles].map(([path, { kind }]) => [path, kind])).toEqual([
      [path, 'missing-in-database'],
      [junk, 'invalid-file'],
    ])
    await test.replay.add([commit(HASH, { path, content: null }, { path: junk, content: null })])
    expect([...test.replay.unmatchedFiles.values()]).toMatchObject([
      { kind: 'missing-in-database', isRemoved: true },
    ])
  })

  it('calls the format unknown only while the last format file is invalid', async () => {
    await using test = await openReplay()
    const { path, content } = formatFile(1)
    await test.replay.add([commit(HASH, { path, content: bytes('garbage') })])
    expect(test.replay.formatProblem).toMatchObject({ commit: HASH })
    await test.replay.add([commit(HASH, { path, content: bytes(String(content)) })])
    expect(test.replay.formatProblem).toBeNull()
  })

  it('ignores files outside the messages folder', async () => {
    await using store = await openTemporaryStore()
    const replay = createReplay(store, { flags: createIdFlags(), versionFlags: createIdFlags() })
    await replay.add([commit(HASH, { path: 'README.md', content: bytes('hi') })])
    expect(replay.unmatchedFiles.size).toBe(0)
  })
})

describe('createIdFlags()', () => {
  it('holds the bits of any ids as a map would', () => {
    const id = fc.oneof(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 2 ** 40 }))
    const operation = fc.record({ id, bits: fc.integer({ min: 1, max: 15 }), isSet: fc.boolean() })
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 50 }), (operations) => {
        const flags = createIdFlags()
        const expected = new Map<number, number>()
        for (const { id, bits, isSet } of operations) {
          const before = expected.get(id) ?? 0
          expected.set(id, isSet ? before | bits : before & ~bits)
          if (isSet) flags.set(id, bits)
          else flags.clear(id, bits)
        }
        const set = [...expected].filter(([, bits]) => bits > 0)
        expect(new Map(flags.entries())).toEqual(new Map(set))
        for (const [id, bits] of expected) expect(flags.get(id)).toBe(bits)
      }),
    )
  })
})
