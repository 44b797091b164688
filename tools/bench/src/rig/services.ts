import { join } from 'node:path'
import { openStore } from '@gitmsg/store'
import type { Needs } from './folders.js'
import { programPath, SERVER_MAIN } from './programs.js'
import { type RunningServer, startServer } from './server.js'

/** A server on a copy of a fixture. */
export interface Service {
  readonly name: string
  /** Its database in the folder. */
  readonly database: 'gitmsg.db' | 'bare.db'
  /** What it needs of a fixture. */
  readonly needs: Needs
  /** Whether posts must have reached a repository by the end of a run. */
  readonly synchronizes: boolean
  start(folder: string): Promise<RunningServer>
}

const own = { database: 'gitmsg.db', needs: 'gitmsg' } as const

/** As `npm start` runs it: what is posted goes into the repository meanwhile. */
export const gitmsg: Service = {
  ...own,
  name: 'gitmsg',
  synchronizes: true,
  start: (folder) => startServer(folder, [SERVER_MAIN]),
}

/** The same with a push of everything. */
export const gitmsgWithRemote: Service = {
  ...own,
  name: 'gitmsg, with a file remote',
  synchronizes: true,
  start: (folder) => startServer(folder, [SERVER_MAIN], { GITMSG_REMOTE: join(folder, 'remote.git') }),
}

/** Another process has the right to synchronize, and makes no use of it. */
export const gitmsgNotSyncing: Service = {
  ...own,
  name: 'gitmsg, not syncing',
  synchronizes: false,
  async start(folder) {
    const store = await openStore({ path: join(folder, 'gitmsg.db') })
    if (!store.acquireSyncLock()) throw new Error('Somebody else has the right to synchronize')
    const server = await startServer(folder, [SERVER_MAIN])
    return {
      ...server,
      async stop() {
        await server.stop()
        await store.close()
      },
    }
  },
}

const bare = { database: 'bare.db', needs: 'bare server', synchronizes: false } as const
const startReference = (transactions: string) => (folder: string) =>
  startServer(folder, [programPath('reference-server'), join(folder, 'bare.db'), transactions])

/** One transaction for each post. */
export const bareServer: Service = { ...bare, name: 'bare server', start: startReference('each') }
/** One transaction for all posts that come at once. */
export const bareServerGrouped: Service = {
  ...bare,
  name: 'bare server, grouped',
  start: startReference('grouped'),
}
/** The same behind the libraries that gitmsg's service is made of. */
export const bareKoaServer: Service = {
  ...bare,
  name: 'bare Koa server, grouped',
  start: (folder) => startServer(folder, [programPath('reference-koa-server'), join(folder, 'bare.db')]),
}
