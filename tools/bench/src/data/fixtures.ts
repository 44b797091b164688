import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine, type Engine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { git, tipOf } from '../rig/git.js'
import { type Ids, runSync } from '../rig/programs.js'
import { copyToBareDatabase } from './bare-database.js'
import { makeConversations, pretendSynchronized, THREAD_LENGTH } from './conversations.js'
import { copyFixture } from './folders.js'
import { makeMessage } from './messages.js'
import { makeText } from './search-texts.js'

/** Pending messages on top of synchronized ones. */
export interface Backlog {
  /** Like {@link Fixtures.synchronized}, with the pending messages in `gitmsg.db`. */
  readonly folder: string
  /** The number of pending messages. */
  readonly count: number
  /** A repository that gitmsg made and that has all messages. */
  readonly complete: string
  /** The tip of the branch before the sync; `null` if nothing is synchronized yet. */
  readonly base: string | null
  /** The tip that every contender's branch must have in the end. */
  readonly tip: string
}

/** Folders to start from, each made once. Never write to them: every run takes a copy. */
export interface Fixtures {
  /**
   * `size` messages, all synchronized: a data folder of gitmsg (`gitmsg.db`, `repository.git`), a default bare
   * repository at the same commit (`remote.git`) and the same messages for the reference server (`bare.db`).
   */
  synchronized(size: number): Promise<string>
  /** `size` synchronized messages and `count` pending ones. */
  backlog(size: number, count: number): Promise<Backlog>
  /** `size` synchronized messages, and `count` pending edits: each message is edited in turn. */
  edits(size: number, count: number): Promise<Backlog>
  /**
   * Like {@link Fixtures.synchronized} without `bare.db`, in topics and threads, with reactions, tombstones and a few
   * edited messages.
   */
  conversations(size: number): Promise<string>
  /** A database of `size` pending messages with the words of a language. */
  searchable(size: number): Promise<string>
  /** The same in topics and threads, as in {@link Fixtures.conversations}. Nearly all of it passes for synchronized. */
  spoken(size: number): Promise<string>
}

/** Makes the folders in `root` and reuses those that an earlier run made there. */
export function createFixtures(root: string): Fixtures {
  async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(root, name)
    if (existsSync(folder)) return folder
    process.stderr.write(`  making ${name} messages\n`)
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await make(unfinished)
    await rename(unfinished, folder)
    return folder
  }

  const synchronized: Fixtures['synchronized'] = (size) =>
    once(String(size), async (folder) => {
      const [database, repository] = [join(folder, 'gitmsg.db'), join(folder, 'repository.git')]
      await makePending(folder, { count: size, change: postFrom(0) })
      await runSync(folder)
      // gitmsg repacks in the background now and then; without this every copy might start with it.
      await git(repository, 'repack', '--geometric=2', '-d', '-q', '--window=0')
      await git(folder, 'clone', '--quiet', '--bare', repository, join(folder, 'remote.git'))
      copyToBareDatabase(database, join(folder, 'bare.db'))
    })

  async function withPending(base: string, name: string, { count, change }: Pending): Promise<Backlog> {
    const folder = await once(name, async (unfinished) => {
      await copyFixture(base, join(unfinished, 'pending'), 'gitmsg')
      await makePending(join(unfinished, 'pending'), { count, change })
      await copyFixture(join(unfinished, 'pending'), join(unfinished, 'complete'), 'gitmsg')
      await runSync(join(unfinished, 'complete'))
    })
    const complete = join(folder, 'complete', 'repository.git')
    const [from, tip] = [await tipOf(join(base, 'repository.git')), await tipOf(complete)]
    if (tip === null) throw new Error('The backlog was not synchronized')
    return { folder: join(folder, 'pending'), count, complete, base: from, tip }
  }

  const searchable: Fixtures['searchable'] = (size) =>
    once(`${size}-of-words`, (folder) =>
      makePending(folder, { count: size, change: (engine, number) => engine.post(makeText(number + 1)) }),
    )

  return {
    synchronized,
    searchable,
    spoken: (size) =>
      once(`${size}-of-words-in-threads`, async (folder) => {
        await copyFixture(await searchable(size), folder, 'database')
        makeConversations(join(folder, 'gitmsg.db'))
        pretendSynchronized(join(folder, 'gitmsg.db'), { pending: SPOKEN_PENDING })
      }),
    async backlog(size, count) {
      return withPending(await synchronized(size), `${size}+${count}`, { count, change: postFrom(size) })
    },
    async edits(size, count) {
      const change = editOf(size, (number) => 1 + (number % size))
      return withPending(await synchronized(size), `${size}~${count}`, { count, change })
    },
    conversations: (size) =>
      once(`${size}-in-threads`, async (folder) => {
        await copyFixture(await synchronized(size), folder, 'gitmsg')
        makeConversations(join(folder, 'gitmsg.db'))
        const { first, step, count } = editedIds(size)
        const change = editOf(size, (number) => first + step * (number % count))
        await makePending(folder, { count: count * EDITS_OF_EDITED, change })
        await runSync(folder)
      }),
  }
}

const SPOKEN_PENDING = 100
const MAX_EDITED = 500
const EDITS_OF_EDITED = 4

/** The first messages of all threads of {@link Fixtures.conversations}. */
export const threadIds = (size: number): Ids => ({
  first: 1,
  step: THREAD_LENGTH,
  count: Math.floor(size / THREAD_LENGTH),
})

/** The messages that have several versions there. */
export function editedIds(size: number): Ids {
  const { first, step, count } = threadIds(size)
  const edited = Math.min(MAX_EDITED, count)
  return { first, step: step * Math.floor(count / edited), count: edited }
}

const CHANGES_AT_ONCE = 1_000

interface Pending {
  readonly count: number
  /** Makes a change; `number` counts from 0. */
  readonly change: (engine: Engine, number: number) => Promise<unknown>
}

const postFrom =
  (first: number): Pending['change'] =>
  (engine, number) =>
    engine.post(makeMessage(first + number))

/** Edits a message to a content that no other one has. */
const editOf =
  (size: number, idOf: (number: number) => number): Pending['change'] =>
  (engine, number) =>
    engine.edit(idOf(number), { content: makeMessage(size + number).content })

/** Makes changes that stay pending because the sync lock is held meanwhile. */
async function makePending(folder: string, { count, change }: Pending): Promise<void> {
  await using store = await openStore({ path: join(folder, 'gitmsg.db') })
  const lock = await store.acquireSyncLock()
  await using engine = createEngine({ store, backend: createMemoryBackend() })
  for (let start = 0; start < count; start += CHANGES_AT_ONCE) {
    const length = Math.min(CHANGES_AT_ONCE, count - start)
    await Promise.all(Array.from({ length }, (_, index) => change(engine, start + index)))
  }
  await lock?.release()
}
