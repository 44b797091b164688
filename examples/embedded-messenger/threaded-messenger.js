import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { assembleEngine, connectSynchronizer } from '@gitmsg/core'
import { openStore } from '@gitmsg/store'

/** The messenger of `openMessenger`, which does in a thread of its own all that has to do with the repository. */
export async function openThreadedMessenger(folder, { remote = null, token } = {}) {
  const store = await openStore({ path: `${folder}/gitmsg.db` })
  const { port1: port, port2: theirs } = new MessageChannel()
  const thread = new Worker(new URL('./synchronizing-thread.js', import.meta.url), {
    workerData: { folder, remote, token, port: theirs },
    transferList: [theirs],
  })
  const ended = once(thread, 'exit')
  ended.catch(() => {}) // what the thread threw is thrown to whoever waits for its end
  const end = () => ended.finally(() => store.close())

  const synchronizer = await connectSynchronizer({ port, store }).catch(async (error) => {
    await end()
    throw error
  })
  const engine = assembleEngine({ store, synchronizer })

  /** Takes to the repository what is still on its way, for up to ten seconds, and ends. Nothing is lost without. */
  async function close() {
    await engine.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
    await engine.close()
    await end()
  }
  return { engine, close }
}
