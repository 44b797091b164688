import { Worker } from 'node:worker_threads'
import { assembleEngine, connectSynchronizer } from '@gitmsg/core'
import { openStore } from '@gitmsg/store'

/** Opens the same messenger as `openMessenger`, with everything about the repository in a second thread. */
export async function openThreadedMessenger(directory, { remote = null, token } = {}) {
  const store = await openStore({ path: `${directory}/gitmsg.db` })
  const program = new URL('./synchronizer-thread.js', import.meta.url)
  const thread = new Worker(program, { workerData: { directory, remote, token } })
  const synchronizer = await connectSynchronizer({ thread, store })
  const engine = assembleEngine({ store, synchronizer })

  /** Synchronizes what is pending, for up to ten seconds, and closes. Without this, nothing is lost, only later. */
  async function close() {
    await engine.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
    await engine.close() // ends the thread
    await store.close()
  }
  return { engine, close }
}
