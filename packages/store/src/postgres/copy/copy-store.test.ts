import { existsSync } from 'node:fs'
import { createDatabase, findPostgres } from '@gitmsg/test-postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../open-store.js'
import type { Store } from '../../store.js'
import { newMessage, recordedVersion, settleAll } from '../../testing/messages.js'
import { temporaryPath } from '../../testing/temporary-store.js'
import { openPostgresStore } from '../open-postgres-store.js'
import { copyStore } from './copy-store.js'

const server = await findPostgres()
const MESSAGES = 450
const minute = (minute: number) => new Date(Date.UTC(2025, 0, 1, 0, minute)).toISOString()
const uidOf = (number: number) => `u${String(number).padStart(4, '0')}`

async function createUrl(): Promise<string> {
  const database = await createDatabase(server ?? '')
  onTestFinished(database.drop)
  return database.url
}

/** Messages in every state: edited, deleted, answered, settled, quarantined, of other servers, with keys and topics. */
async function fill(store: Store): Promise<void> {
  for (let number = 0; number < MESSAGES; number += 1) {
    await store.createMessage(
      newMessage({
        uid: uidOf(number),
        content: `number ${number} é 漢 👋`,
        timestamp: minute(number % 100),
        ...(number % 3 === 0 && { topic: `topic ${number % 7}` }),
        ...(number > 10 && number % 5 === 0 && { reply_to: uidOf(number - 5) }),
        ...(number % 4 === 0 && { idempotency: { key: `key ${number}`, fingerprint: 'f' } }),
      }),
    )
  }
  const updated_at = minute(200)
  await store.createMessage(newMessage({ content: '👍', format: 'reaction', reply_to: uidOf(1) }))
  await settleAll(store, ...Array.from({ length: 100 }, (_, number) => uidOf(number)))
  for (let number = 0; number < 60; number += 2) {
    await store.editMessage({ key: uidOf(number), content: `edited ${number}`, updated_at })
  }
  await store.deleteMessage({ key: uidOf(3), updated_at })
  await store.deleteMessage({ key: uidOf(300), updated_at })
  await store.quarantine(uidOf(120), 'too large')
  await store.settle({ recorded: [recordedVersion('from-elsewhere')], cursor: { commit: 'c8', format: 2 } })
}

/** All that the members of a store tell. */
async function readEverything(store: Store) {
  const { epoch, ...position } = await store.position()
  const feed = await store.changedSince({ epoch, position: 0 }, 1_000)
  return {
    position,
    feed,
    list: await store.listMessages({ limit: 1_000 }),
    versions: await Promise.all(feed.map(({ id }) => store.listVersions(id))),
    topics: await store.listTopics({ limit: 1_000 }),
    changes: await store.oldestChanges(1_000),
    quarantined: await store.quarantinedChanges(),
    cursor: await store.cursor(),
    summary: await store.summary(),
    repeated: await store.createMessage(
      newMessage({ idempotency: { key: 'key 8', fingerprint: 'f' }, content: 'again' }),
    ),
  }
}

describe.skipIf(server === null)('copyStore()', () => {
  it('copies everything to PostgreSQL and back, and both go on from there', async () => {
    const path = temporaryPath()
    const original = await openStore({ path })
    await fill(original)
    const expected = await readEverything(original)
    const { epoch } = await original.position()
    await original.close()

    const url = await createUrl()
    const progress: number[] = []
    const copied = await copyStore({
      from: { path },
      to: { url },
      onProgress: (count) => void progress.push(count),
    })
    expect(copied).toEqual({
      messages: MESSAGES + 2,
      versions: expect.any(Number),
      changes: expected.changes.length + expected.quarantined.length,
      idempotencyKeys: Math.ceil(MESSAGES / 4),
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(copied.versions).toBeGreaterThan(20)
    expect(progress).toEqual([200, 400, MESSAGES + 2])
    const store = await openPostgresStore({ url })
    expect(await readEverything(store)).toEqual(expected)
    expect((await store.position()).epoch).toBe(epoch)
    const { message } = await store.createMessage(newMessage({ topic: 'topic 0' }))
    expect([message.id, message.position]).toEqual([MESSAGES + 3, expected.position.position + 1])
    await settleAll(store, ...expected.changes.map(({ message }) => message.uid))
    await store.editMessage({ key: uidOf(7), content: 'on PostgreSQL', updated_at: minute(300) })
    await store.buildSearchIndex()
    expect(await store.checkSearchIndex()).toBe('equal')
    const grown = await readEverything(store)
    await store.close()

    const back = temporaryPath()
    await copyStore({ from: { url }, to: { path: back } })
    await using returned = await openStore({ path: back })
    expect(await readEverything(returned)).toEqual(grown)
    expect((await returned.position()).epoch).toBe(epoch)
    await returned.buildSearchIndex()
    expect(await returned.checkSearchIndex()).toBe('equal')
    expect((await returned.createMessage(newMessage())).message.id).toBe(MESSAGES + 4)

    await using first = await openStore({ path })
    expect((await first.position()).epoch).not.toBe(epoch)
  })

  it('rejects a database that has messages, or a server that synchronizes, and copies nothing', async () => {
    const path = temporaryPath()
    const from = await openStore({ path })
    await from.createMessage(newMessage())
    const url = await createUrl()
    const lock = await from.acquireSyncLock()
    await expect(copyStore({ from: { path }, to: { url } })).rejects.toMatchObject({ code: 'busy' })
    await lock?.release()
    await using to = await openPostgresStore({ url })
    expect(await to.listMessages()).toEqual([])
    await to.createMessage(newMessage())
    await expect(copyStore({ from: { path }, to: { url } })).rejects.toMatchObject({ code: 'not-empty' })
    expect(await to.listMessages()).toHaveLength(1)
    await from.close()
  })

  it.each(['SQLite', 'PostgreSQL'])('leaves no part of an aborted copy to %s', async (to) => {
    const path = temporaryPath()
    const url = await createUrl()
    const [from, target] = to === 'SQLite' ? [{ url }, { path }] : [{ path }, { url }]
    const source = to === 'SQLite' ? await openPostgresStore({ url }) : await openStore({ path })
    await Promise.all(Array.from({ length: 300 }, () => source.createMessage(newMessage())))
    const controller = new AbortController()
    const aborted = copyStore({
      from,
      to: target,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' })

    expect(await copyStore({ from, to: target })).toMatchObject({ messages: 300 })
    await source.close()
  })

  it('copies nothing if beforeCommit, which is called once all is copied, rejects', async () => {
    const path = temporaryPath()
    const url = await createUrl()
    await using source = await openStore({ path })
    await source.createMessage(newMessage())
    const steps: string[] = []
    const options = { from: { path }, to: { url }, onProgress: () => void steps.push('copied') }
    const beforeCommit = async () => {
      steps.push('before commit')
      throw new Error('not now')
    }
    const failure = copyStore({ ...options, beforeCommit })
    await expect(failure).rejects.toMatchObject({ code: 'failed', cause: { message: 'not now' } })
    expect(steps).toEqual(['copied', 'before commit'])
    expect(await copyStore(options)).toMatchObject({ messages: 1 })
  })

  it('lets no other connection write before it has ended', async () => {
    const path = temporaryPath()
    const url = await createUrl()
    await using source = await openStore({ path })
    await source.createMessage(newMessage())
    let writing: Promise<unknown> | undefined
    const onProgress = () => {
      writing ??= source.createMessage(newMessage())
    }
    expect(await copyStore({ from: { path }, to: { url }, onProgress })).toMatchObject({ messages: 1 })
    await writing
    expect(await source.listMessages()).toHaveLength(2)
  })

  it.each([
    ['nowhere', {}, {}],
    ['to nowhere', { path: temporaryPath }, undefined],
  ])('rejects invalid options: %s', async (_, { path }: { path?: () => string }, to) => {
    const options = { from: path ? { path: path() } : {}, to }
    await expect(copyStore(options as never)).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('rejects a database of another engine', async () => {
    const path = temporaryPath()
    await using _source = await openStore({ path })
    const copying = copyStore({ from: { path }, to: { url: 'mysql://a/b' } })
    await expect(copying).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('rejects a file that is missing, and does not create it', async () => {
    const path = temporaryPath()
    const copying = copyStore({ from: { path }, to: { url: 'postgres://127.0.0.1:1/none' } })
    await expect(copying).rejects.toMatchObject({ code: 'not-a-store' })
    expect(existsSync(path)).toBe(false)
  })
})
