import { openStore } from '../../open-store.js'
import { newMessage } from '../new-message.js'

const [task = '', path = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

/** What a process can be started for. Each says a line when it did something that must survive it. */
const tasks: Record<string, () => Promise<void>> = {
  async open() {
    await using store = await openStore({ path })
    await store.createMessage(newMessage())
    say('opened')
  },
  async write() {
    const store = await openStore({ path })
    const writeForEver = async () => {
      for (;;) say((await store.createMessage(newMessage())).message.uid)
    }
    await Promise.all(Array.from({ length: 8 }, writeForEver))
  },
  async lock() {
    const store = await openStore({ path })
    say(store.acquireSyncLock() ? 'locked' : 'refused')
    setInterval(() => {}, 1_000)
  },
}

await tasks[task]?.()
