import { setImmediate as nextTurn } from 'node:timers/promises'
import { openStore } from '../../open-store.js'
import { openPostgresStore } from '../../postgres/index.js'
import type { StoreError } from '../../store-error.js'
import { newMessage } from '../messages.js'

const [task = '', path = ''] = process.argv.slice(2)
/** On the file, or on the PostgreSQL of this URL. */
const open = () => (path.startsWith('postgres:') ? openPostgresStore({ url: path }) : openStore({ path }))
const print = (line: string) => process.stdout.write(`${line}\n`)

/** Repeats something that fails sooner or later, e.g. when a page more must be written. */
async function codeOfFailure(work: () => Promise<unknown>): Promise<string> {
  for (let count = 0; count < 1_000; count += 1) {
    try {
      await work()
    } catch (error) {
      return (error as StoreError).code
    }
  }
  return 'no failure'
}

const acquireLock = async (): Promise<boolean> => (await (await open()).acquireSyncLock()) !== null

/** The tasks of a store process. Each prints a line after doing something that must survive its death. */
const tasks: Record<string, () => Promise<void>> = {
  async open() {
    await using store = await open()
    await store.createMessage(newMessage())
    print('opened')
  },
  async write() {
    const store = await open()
    async function writeForever(): Promise<never> {
      for (;;) print((await store.createMessage(newMessage())).message.uid)
    }
    await Promise.all(Array.from({ length: 8 }, writeForever))
  },
  async probe() {
    process.on('SIGXFSZ', () => {}) // the write fails then, instead of ending the process
    const store = await open()
    print(String(await store.isWritable()))
    print(await codeOfFailure(() => store.createMessage(newMessage())))
    print(await codeOfFailure(() => store.assertWritable()))
    print(String(await store.isWritable()))
  },
  async index() {
    const store = await open()
    await store.buildSearchIndex({ onProgress: ({ indexed }) => print(String(indexed)) })
  },
  /** Settles as long as it holds the lock, and tells what it was rejected with, other than for a lost connection. */
  async settle() {
    const store = await open()
    const lock = await store.acquireSyncLock()
    if (!lock) throw new Error('not locked')
    lock.lost.addEventListener('abort', () => print('lost'))
    for (;;) {
      try {
        await store.settle({ cursor: { commit: `of ${process.pid}`, format: 1 } }, { lock })
        print('settled')
      } catch (error) {
        const { code } = error as StoreError
        if (code === 'unavailable') continue
        print(code)
        return store.close()
      }
    }
  },
  /** Nothing refers to the store and its lock afterwards. */
  async lock() {
    const isLocked = await acquireLock()
    for (let collection = 0; collection < 3; collection += 1) {
      await nextTurn()
      globalThis.gc?.()
    }
    print(isLocked ? 'locked' : 'not locked')
    setInterval(() => {}, 1_000)
  },
}

await tasks[task]?.()
