import { Worker } from 'node:worker_threads'
import { assembleEngine, connectSynchronizer } from '@gitmsg/core'
import { openStore } from '@gitmsg/store'

/** The messenger of `openMessenger`, which does in a thread of its own all that has to do with the repository. */
export async function openThreadedMessenger(folder, { remote = null, token } = {}) {
  const store = await openStore({ path: `${folder}/gitmsg.db` })
  const program = new URL('./synchronizing-thread.js', import.meta.url)
  const thread = new Worker(program, { workerData: { folder, remote, token } })
  const synchronizer = await connectSynchronizer({ thread, store })
  const engine = assembleEngine({ store, synchronizer })

  /** Takes to the repository what is still on its way, for up to ten seconds, and ends. Nothing is lost without. */
  async function close() {
    await engine.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
    await engine.close() // with it ends the thread
    await store.close()
  }
  return { engine, close }
}
