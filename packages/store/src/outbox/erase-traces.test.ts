import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStore } from '../open-store.js'
import type { Store } from '../store.js'
import { edit, newMessage, record, recordedVersion, remove } from '../testing/messages.js'
import { temporaryPath } from '../testing/temporary-store.js'

/** How many of these texts some file beside the database has, or the database itself. */
function found(path: string, texts: readonly string[]): number {
  const folder = dirname(path)
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  return texts.filter((text) => files.some((file) => file.includes(text))).length
}

/** Messages of all sizes between others; every third one was edited once or twice. Resolves with the texts of them. */
async function fill(store: Store): Promise<string[]> {
  const texts: string[] = []
  const text = (index: number) => {
    const secret = randomBytes(12).toString('hex')
    texts.push(secret)
    return secret + 'x'.repeat((index * 997) % 7000)
  }
  for (let index = 0; index < 300; index += 1) {
    const uid = `u${index}`
    const idempotency = { key: `key ${uid}`, fingerprint: `of ${uid}` }
    await Promise.all([
      store.createMessage(newMessage({ uid, content: text(index), idempotency })),
      store.createMessage(
        newMessage({ uid: `other ${index}`, content: `other ${'y'.repeat((index * 31) % 900)}` }),
      ),
    ])
    for (let edits = index % 3; edits > 0; edits -= 1) await edit(store, uid, text(index + edits))
  }
  return texts
}

const uids = Array.from({ length: 300 }, (_, index) => `u${index}`)

describe('eraseTraces()', () => {
  it('leaves nothing in the database, its log and its index of the log', async () => {
    const path = temporaryPath()
    await using store = await openStore({ path })
    const texts = await fill(store)
    for (const uid of uids) await remove(store, uid)
    const fingerprints = uids.map((uid) => `of ${uid}`)
    expect(found(path, [...texts, ...fingerprints])).toBeGreaterThan(uids.length)
    await store.eraseTraces(uids)
    expect(found(path, [...texts, ...fingerprints])).toBe(0)
    expect(await store.listMessages({ limit: 1000 })).toHaveLength(300)
  })

  it('rejects with "busy" while another connection reads, and can be repeated', async () => {
    const path = temporaryPath()
    await using store = await openStore({ path, busyTimeout: 50 })
    await store.createMessage(newMessage({ uid: 'a', content: 'secret text' }))
    await remove(store, 'a')
    const { default: BetterSqlite3 } = await import('better-sqlite3')
    const reader = new BetterSqlite3(path)
    reader.exec('begin; select count(*) from messages')
    await expect(store.eraseTraces(['a'])).rejects.toMatchObject({ code: 'busy' })
    reader.close()
    await store.eraseTraces(['a'])
    expect(found(path, ['secret text'])).toBe(0)
  })
})

describe('close()', () => {
  it('leaves no text of messages that were deleted before a lost history was read again', async () => {
    const path = temporaryPath()
    const first = await openStore({ path })
    const texts = await fill(first)
    for (const uid of uids.slice(0, 150)) await remove(first, uid)
    const messages = await first.findMessages(uids.slice(150))
    await first.resetSynchronization()
    await first.close()
    expect(found(path, texts)).toBeGreaterThan(150)

    // Not in the process that has found out.
    const second = await openStore({ path })
    for (const message of messages) {
      const tombstone = { ...message, version: 9, content: '', deleted_at: message.timestamp, git_hash: 'c' }
      expect(await record(second, recordedVersion(message.uid, tombstone))).toEqual(['applied'])
    }
    await second.close()
    expect(found(path, texts)).toBe(0)
    await using again = await openStore({ path })
    expect(await again.listMessages({ limit: 1000 })).toHaveLength(300)
  })
})
