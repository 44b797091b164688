import { join } from 'node:path'
import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { makeMessage } from './messages.js'

const AT_ONCE = 1_000

/** Posts messages, numbered from `first`, that stay pending: the right to synchronize is held meanwhile. */
export async function fill(folder: string, first: number, count: number): Promise<void> {
  await using store = await openStore({ path: join(folder, 'gitmsg.db') })
  const lock = store.acquireSyncLock()
  await using engine = createEngine({ store, backend: createMemoryBackend() })
  for (let start = first; start < first + count; start += AT_ONCE) {
    const numbers = Array.from(
      { length: Math.min(AT_ONCE, first + count - start) },
      (_, index) => start + index,
    )
    await Promise.all(numbers.map((number) => engine.post(makeMessage(number))))
  }
  lock?.release()
}
