import { createMemoryBackend } from '@gitmsg/git-sync'
import { openTemporaryStore } from '@gitmsg/store/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEngine, type EngineOptions } from '../engine.js'
import { contentProblem } from '../format/text-rules.js'

async function openTestEngine(options: Partial<EngineOptions> = {}) {
  const store = await openTemporaryStore()
  let time = Date.UTC(2025, 0, 9)
  const clock = () => {
    time += 1_000
    return time
  }
  const engine = createEngine({ store, backend: createMemoryBackend(), clock, ...options })
  async function close() {
    await engine.close()
    await store.close()
  }
  return { ...engine, store, [Symbol.asyncDispose]: close }
}

describe('edit()', () => {
  it('makes the next version, keeps the one before, and publishes both', async () => {
    await using engine = await openTestEngine()
    const { id, uid, updated_at } = await engine.post({ content: 'one', sender: 'alice' })
    const edited = await engine.edit(id, { content: 'two', format: 'markdown', topic: 'deploys' })
    expect(edited).toMatchObject({ uid, version: 2, content: 'two', format: 'markdown', topic: 'deploys' })
    expect(edited?.updated_at).not.toBe(updated_at)
    expect(edited).toMatchObject({ is_synchronized: false, updated_by: null, sync: { state: 'pending' } })
    await engine.sync()
    const history = await engine.history(uid)
    expect(history?.versions.map(({ version, content }) => [version, content])).toEqual([
      [2, 'two'],
      [1, 'one'],
    ])
    expect(new Set(history?.versions.map(({ git_hash }) => git_hash)).size).toBe(2)
    expect(await engine.find(id)).toMatchObject({ is_synchronized: true, synchronized_version: 2 })
  })

  it('resolves with null for an unknown message, and makes no version if nothing changes', async () => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice', topic: 'a' })
    expect(await engine.edit(99, { content: 'two' })).toBeNull()
    expect(await engine.edit(-1, { content: 'two' })).toBeNull()
    expect(await engine.edit(id, { content: 'one', topic: 'a' })).toMatchObject({ version: 1 })
    expect(await engine.edit(id, { topic: null })).toMatchObject({ version: 2, topic: null })
  })

  it('rejects an edit of another version than the expected one, of a reaction, and of a deleted message', async () => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    await engine.edit(id, { content: 'two' }, { expectedVersion: 1 })
    const late = engine.edit(id, { content: 'three' }, { expectedVersion: 1 })
    await expect(late).rejects.toMatchObject({ code: 'version-conflict' })
    const reaction = await engine.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: id })
    await expect(engine.edit(reaction.id, { content: '👎' })).rejects.toMatchObject({ code: 'not-editable' })
    await engine.remove(id)
    await expect(engine.edit(id, { content: 'four' })).rejects.toMatchObject({ code: 'deleted' })
  })

  it('repeats the response of the first call for the same idempotency key', async () => {
    await using engine = await openTestEngine()
    const { id, uid } = await engine.post({ content: 'one', sender: 'alice' })
    const edit = () => engine.edit(id, { content: 'two' }, { idempotencyKey: 'k', expectedVersion: 1 })
    expect(await edit()).toMatchObject({ version: 2 })
    await engine.edit(uid, { content: 'three' })
    expect(await edit()).toMatchObject({ version: 2, content: 'two' })
    expect(await engine.find(id)).toMatchObject({ version: 3, content: 'three' })
    const other = engine.edit(id, { content: 'four' }, { idempotencyKey: 'k' })
    await expect(other).rejects.toMatchObject({ code: 'idempotency-key-reused' })
    const post = engine.post({ content: 'two', sender: 'alice' }, { idempotencyKey: 'k' })
    await expect(post).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  it('names who made the change, unless it was the sender', async () => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    expect(await engine.edit(id, { content: 'two' }, { updatedBy: 'alice' })).toMatchObject({
      updated_by: null,
    })
    expect(await engine.edit(id, { content: 'three' }, { updatedBy: 'carol' })).toMatchObject({
      updated_by: 'carol',
    })
  })

  it.each([
    [{}, 'missing-field'],
    [{ content: ' ' }, 'empty'],
    [{ content: null }, 'missing-field'],
    [{ content: 5 }, 'invalid-type'],
    [{ format: 'reaction' }, 'invalid-value'],
    [{ format: null }, 'missing-field'],
    [{ topic: '' }, 'empty'],
    [{ topic: 'x'.repeat(65) }, 'too-long'],
    [{ sender: 'bob' }, 'unknown-field'],
    ['text', 'invalid-body'],
  ])('rejects the changes %j with %s', async (changes, code) => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    await expect(engine.edit(id, changes as never)).rejects.toMatchObject({ name: 'ValidationError', code })
    expect(await engine.find(id)).toMatchObject({ version: 1 })
  })

  it('keeps any valid text byte for byte, in the database and in the repository', async () => {
    await using engine = await openTestEngine()
    const { id, uid } = await engine.post({ content: 'one', sender: 'alice' })
    const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => contentProblem(value) === null)
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        await engine.edit(id, { content })
        expect(await engine.find(uid)).toMatchObject({ content })
      }),
      { numRuns: 50 },
    )
    await engine.sync()
    expect(await engine.find(id)).toMatchObject({ is_synchronized: true })
  })
})

describe('remove()', () => {
  it('leaves a tombstone, erases the text, and never publishes what was pending', async () => {
    await using engine = await openTestEngine()
    const { id, uid } = await engine.post({ content: 'secret', sender: 'alice', topic: 'a' })
    await engine.edit(id, { content: 'secret, too' })
    const changes = await engine.store.oldestChanges(10)
    expect(changes.map(({ message }) => message.version)).not.toContain(3)
    expect(await engine.remove(id)).toMatchObject({ version: 3, content: '', topic: 'a' })
    expect(await engine.remove(uid)).toMatchObject({ version: 3 })
    expect(await engine.remove(99)).toBeNull()
    await engine.sync()
    expect(await engine.list()).toEqual([])
    expect(await engine.list({ deleted: true })).toMatchObject([
      { id, version: 3, deleted_at: expect.any(String) },
    ])
    await expect(engine.history(id)).rejects.toMatchObject({ code: 'deleted' })
    expect(await engine.topics()).toEqual({ topics: [], next: null })
  })

  it('rejects the deletion of another version than the expected one', async () => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    await engine.edit(id, { content: 'two' })
    const late = engine.remove(id, { expectedVersion: 1 })
    await expect(late).rejects.toMatchObject({ code: 'version-conflict' })
  })
})

describe('replies and reactions', () => {
  it('a reply takes the topic of its parent, and belongs to the thread of the first message', async () => {
    await using engine = await openTestEngine()
    const first = await engine.post({ content: 'one', sender: 'alice', topic: 'deploys' })
    const reply = await engine.post({ content: 'two', sender: 'bob', reply_to: first.id })
    const nested = await engine.post({
      content: 'three',
      sender: 'alice',
      reply_to: reply.uid,
      topic: 'other',
    })
    expect(reply).toMatchObject({ reply_to: first.uid, thread: first.uid, topic: 'deploys' })
    expect(nested).toMatchObject({ reply_to: reply.uid, thread: first.uid, topic: 'other' })
    await engine.remove(first.id)
    const thread = await engine.thread(nested.uid)
    expect(thread?.messages.map(({ id, deleted_at }) => [id, deleted_at !== null])).toEqual([
      [1, true],
      [2, false],
      [3, false],
    ])
    expect((await engine.list({ thread: first.uid })).map(({ id }) => id)).toEqual([3, 2])
    expect((await engine.list({ reply_to: first.uid })).map(({ id }) => id)).toEqual([2])
  })

  it('thread() returns every message once, in pages, for any member', async () => {
    await using engine = await openTestEngine()
    const first = await engine.post({ content: 'first', sender: 'alice' })
    for (let number = 0; number < 7; number += 1) {
      await engine.post({ content: `${number}`, sender: 'bob', reply_to: first.id })
      await engine.post({ content: 'elsewhere', sender: 'bob' })
    }
    await engine.remove(first.id)
    for (const limit of [1, 2, 3, 8, 100]) {
      const ids: number[] = []
      for (let next: { limit: number; after: number } | null = { limit, after: 0 }; next; ) {
        const page = await engine.thread(4, next)
        ids.push(...(page?.messages.map(({ id }) => id) ?? []))
        next = page?.next ?? null
      }
      expect(ids).toEqual([1, 2, 4, 6, 8, 10, 12, 14])
    }
  })

  it('shows reactions by emoji and sender, once each, until they are deleted', async () => {
    await using engine = await openTestEngine()
    const { id } = await engine.post({ content: 'one', sender: 'alice' })
    const react = (sender: string, content: string) =>
      engine.post({ content, sender, format: 'reaction', reply_to: id })
    const [thumb, again] = await Promise.all([react('bob', '👍'), react('bob', '👍')])
    expect(again?.id).toBe(thumb?.id)
    await react('carol', '👍')
    await react('bob', '👩‍👩‍👧')
    expect((await engine.find(id))?.reactions).toEqual({ '👍': ['bob', 'carol'], '👩‍👩‍👧': ['bob'] })
    expect(await engine.list()).toMatchObject([{ id, reactions: { '👍': ['bob', 'carol'] } }])
    expect(await engine.list({ format: 'reaction' })).toHaveLength(3)
    await engine.remove(thumb?.id ?? 0)
    expect((await engine.find(id))?.reactions).toEqual({ '👍': ['carol'], '👩‍👩‍👧': ['bob'] })
  })

  it.each([
    [{ reply_to: 99 }, 'invalid-reply-to'],
    [{ reply_to: 1.5 }, 'invalid-reply-to'],
    [{ reply_to: '0193a5c2-7b1e-7000-8000-000000000000' }, 'invalid-reply-to'],
    [{ reply_to: true }, 'invalid-type'],
    [{ reply_to: 'not a uid' }, 'invalid-reply-to'],
    [{ reply_to: 2 }, 'invalid-reply-to'],
    [{ reply_to: 3 }, 'invalid-reply-to'],
    [{ format: 'reaction', content: '👍' }, 'missing-field'],
    [{ format: 'reaction', content: 'ok', reply_to: 1 }, 'invalid-characters'],
    [{ format: 'reaction', content: '👍👍', reply_to: 1 }, 'invalid-characters'],
    [{ format: 'html' }, 'invalid-value'],
    [{ topic: 'a\u202eb' }, 'invalid-characters'],
    [{ topic: null }, 'missing-field'],
  ])('post() rejects %j with %s', async (fields, code) => {
    await using engine = await openTestEngine()
    await engine.post({ content: 'one', sender: 'alice' })
    await engine.post({ content: 'deleted', sender: 'alice' })
    await engine.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: 1 })
    await engine.remove(2)
    const post = engine.post({ content: 'two', sender: 'bob', ...(fields as object) })
    await expect(post).rejects.toMatchObject({ name: 'ValidationError', code })
    expect((await engine.changes(null)).messages).toHaveLength(3)
  })
})

describe('changes()', () => {
  it('lists each message once, at the place of its last visible change', async () => {
    await using engine = await openTestEngine()
    const first = await engine.post({ content: 'one', sender: 'alice' })
    await engine.post({ content: 'two', sender: 'bob' })
    await engine.sync()
    const before = await engine.position()
    expect((await engine.changes(before)).messages).toEqual([])
    await engine.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: first.id })
    await engine.remove(2)
    const { messages, position } = await engine.changes(before)
    const positions = messages.map(({ position }) => position)
    expect(positions).toEqual(positions.toSorted((one, other) => one - other))
    expect(messages.toSorted((one, other) => one.id - other.id)).toMatchObject([
      { id: 1, content: 'one', reactions: { '👍': ['bob'] } },
      { id: 2, content: '', deleted_at: expect.any(String) },
      { id: 3, content: '👍', format: 'reaction' },
    ])
    expect((await engine.position()).position).toBe(position)
    const ahead = engine.changes({ ...before, position: position + 1 })
    await expect(ahead).rejects.toMatchObject({ code: 'position-ahead' })
    const other = engine.changes({ epoch: 'other', position: 0 })
    await expect(other).rejects.toMatchObject({ code: 'epoch-changed' })
  })
})

it('an engine held at format version 1 stores plain messages only', async () => {
  await using engine = await openTestEngine({ formatVersion: 1 })
  const { id } = await engine.post({ content: 'one', sender: 'alice' })
  const tooOld = { name: 'ValidationError', code: 'format-too-old' }
  await expect(engine.edit(id, { content: 'two' })).rejects.toMatchObject(tooOld)
  await expect(engine.remove(id)).rejects.toMatchObject(tooOld)
  for (const fields of [{ topic: 'a' }, { reply_to: id }, { format: 'markdown' as const }]) {
    await expect(engine.post({ content: 'b', sender: 'c', ...fields })).rejects.toMatchObject(tooOld)
  }
  expect(await engine.post({ content: 'two', sender: 'alice', format: 'plain' })).toMatchObject({ id: 2 })
  await engine.sync()
  expect(await engine.store.cursor()).toMatchObject({ format: 1 })
})

describe('check()', () => {
  it('resolves with the topic that a message would have, and stores nothing', async () => {
    await using engine = await openTestEngine()
    const { id, uid } = await engine.post({ content: 'one', sender: 'alice', topic: 'a' })
    const input = { content: 'two', sender: 'bob' }
    expect(await engine.check(input)).toEqual({ topic: null })
    expect(await engine.check({ ...input, topic: 'b' })).toEqual({ topic: 'b' })
    expect(await engine.check({ ...input, reply_to: id })).toEqual({ topic: 'a' })
    expect(await engine.check({ ...input, reply_to: uid, topic: 'b' })).toEqual({ topic: 'b' })
    const reaction = { ...input, content: '👍', format: 'reaction', reply_to: id } as const
    expect(await engine.check({ ...reaction, topic: 'b' })).toEqual({ topic: 'a' })
    expect(await engine.list()).toHaveLength(1)
  })

  it('rejects what post() rejects', async () => {
    await using engine = await openTestEngine({ formatVersion: 1 })
    const input = { content: 'one', sender: 'alice' }
    const { id } = await engine.post(input)
    for (const fields of [{ content: ' ' }, { topic: 'a' }, { reply_to: id }, { extra: 1 }]) {
      const outcomes = await Promise.allSettled([
        engine.check({ ...input, ...fields }),
        engine.post({ ...input, ...fields }),
      ])
      const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
      expect([codes[0], typeof codes[0]]).toEqual([codes[1], 'string'])
    }
    await using current = await openTestEngine()
    const reaction = { ...input, content: '👍', format: 'reaction' } as const
    const { uid } = await current.post(input)
    const reacted = await current.post({ ...reaction, reply_to: uid })
    await current.remove(uid)
    for (const reply_to of [9, uid, reacted.id, 'x']) {
      await expect(current.check({ ...input, reply_to })).rejects.toMatchObject({ code: 'invalid-reply-to' })
    }
  })
})

describe('post() of what was accepted earlier', () => {
  const accepted = { uid: '0193a5c2-7b1e-7000-8000-000000000000', at: '2025-01-08T00:00:00.000Z' }

  it('takes the uid and the time, and stores it once', async () => {
    await using engine = await openTestEngine()
    const input = { content: 'one', sender: 'alice' }
    const first = await engine.post(input, { accepted })
    expect(first).toMatchObject({ uid: accepted.uid, timestamp: accepted.at })
    expect(first.created_at).not.toBe(accepted.at)
    expect(await engine.post(input, { accepted })).toMatchObject({ id: first.id })
    expect(await engine.list()).toHaveLength(1)
  })

  it('is the first message again if that was posted with the same idempotency key', async () => {
    await using engine = await openTestEngine()
    const input = { content: 'one', sender: 'alice' }
    const { id } = await engine.post(input, { idempotencyKey: 'k' })
    expect(await engine.post(input, { idempotencyKey: 'k', accepted })).toMatchObject({ id })
    expect(await engine.list()).toHaveLength(1)
    const given = { ...input, timestamp: '2025-01-07T00:00:00.000Z' }
    expect((await engine.post(given, { accepted })).timestamp).toBe(given.timestamp)
  })
})
