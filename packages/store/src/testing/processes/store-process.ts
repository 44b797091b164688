import { openStore } from '../../open-store.js'
import { newMessage } from '../messages.js'

const [task = '', path = ''] = process.argv.slice(2)
const print = (line: string) => process.stdout.write(`${line}\n`)

/** The tasks of a store process. Each prints a line after doing something that must survive its death. */
const tasks: Record<string, () => Promise<void>> = {
  async open() {
    await using store = await openStore({ path })
    await store.createMessage(newMessage())
    print('opened')
  },
  async write() {
    const store = await openStore({ path })
    async function writeForever(): Promise<never> {
      for (;;) print((await store.createMessage(newMessage())).message.uid)
    }
    await Promise.all(Array.from({ length: 8 }, writeForever))
  },
  async lock() {
    const store = await openStore({ path })
    print(store.acquireSyncLock() ? 'locked' : 'not locked')
    setInterval(() => {}, 1_000)
  },
}

await tasks[task]?.()
