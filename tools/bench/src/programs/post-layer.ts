// Posts without HTTP, AT_ONCE at a time: `post-layer FOLDER core|store|sqlite AT_ONCE SECONDS`. Prints a `LayerRun`.
import { join } from 'node:path'
import { createEngine, messagePath } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { countMessages, openBareDatabase } from '../data/bare-database.js'
import { makeMessage } from '../data/messages.js'
import type { LayerRun } from '../rig/programs.js'

const WARM_UP_SECONDS = 0.5
const [folder = '', layer = '', atOnce, seconds] = process.argv.slice(2)
const numbers = Array.from({ length: Number(atOnce) }, (_, index) => index)

/** Stores one message for each number; all are durable when it resolves. */
type PostAll = (numbers: readonly number[]) => Promise<unknown>

if (layer === 'sqlite') await measureSqlite(join(folder, 'bare.db'))
else await measureGitmsg(join(folder, 'gitmsg.db'))

/** better-sqlite3 alone, with one transaction for all messages. */
async function measureSqlite(path: string): Promise<void> {
  const database = openBareDatabase(path)
  const insert = database.prepare('INSERT INTO messages (content, sender, timestamp) VALUES (?, ?, ?)')
  const insertAll = database.transaction(() => {
    for (const number of numbers) {
      const { content, sender } = makeMessage(number)
      insert.run(content, sender, new Date().toISOString())
    }
  })
  await measure(path, async () => insertAll())
  database.close()
}

async function measureGitmsg(path: string): Promise<void> {
  await using store = await openStore({ path })
  if (!(await store.acquireSyncLock())) throw new Error('Another process holds the sync lock')
  await using engine = createEngine({ store, backend: createMemoryBackend() })
  let created = 0
  const createMessage = (number: number) => {
    created += 1
    // Ascending, like the uids of the engine.
    const uid = `01890000-0000-7000-8000-${String(created).padStart(12, '0')}`
    const now = new Date().toISOString()
    const path = (id: number) => messagePath(id, uid)
    return store.createMessage({
      ...makeMessage(number),
      uid,
      path,
      timestamp: now,
      created_at: now,
      updated_at: now,
    })
  }
  const post = (number: number) => engine.post(makeMessage(number))
  const postOne: (number: number) => Promise<unknown> = layer === 'core' ? post : createMessage
  await measure(path, (numbers) => Promise.all(numbers.map(postOne)))
}

async function measure(path: string, postAll: PostAll): Promise<void> {
  const warmUp = await repeat(postAll, WARM_UP_SECONDS)
  const { posts, elapsed } = await repeat(postAll, Number(seconds))
  const { stored } = countMessages(path)
  if (stored !== warmUp.posts + posts) throw new Error(`${stored} messages were stored`)
  const run: LayerRun = { microseconds: (elapsed * 1000) / posts }
  process.stdout.write(JSON.stringify(run))
}

async function repeat(postAll: PostAll, duration: number): Promise<{ posts: number; elapsed: number }> {
  const startedAt = performance.now()
  let posts = 0
  for (; performance.now() - startedAt < duration * 1000; posts += numbers.length) await postAll(numbers)
  return { posts, elapsed: performance.now() - startedAt }
}
