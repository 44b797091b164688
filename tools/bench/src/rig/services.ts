import { join } from 'node:path'
import { openStore } from '@gitmsg/store'
import type { Needs } from '../data/folders.js'
import { programPath, SERVER_MAIN } from './programs.js'
import { type RunningServer, startServer } from './server.js'

/** A server on a copy of a fixture. */
export interface Service {
  readonly name: string
  /** The file name of its database. */
  readonly database: 'gitmsg.db' | 'bare.db'
  /** The part of a fixture that it needs. */
  readonly needs: Needs
  /** Whether messages must have reached a repository by the end of a run. */
  readonly synchronizes: boolean
  start(folder: string): Promise<RunningServer>
}

const own = { database: 'gitmsg.db', needs: 'gitmsg' } as const

/** As `npm start` runs it: messages are committed while others are posted. */
export const gitmsg: Service = {
  ...own,
  name: 'gitmsg',
  synchronizes: true,
  start: (folder) => startServer(folder, [SERVER_MAIN]),
}

/** The same with a remote, to which every commit is pushed. */
export const gitmsgWithRemote: Service = {
  ...own,
  name: 'gitmsg, with a file remote',
  synchronizes: true,
  start: (folder) => startServer(folder, [SERVER_MAIN], { GITMSG_REMOTE: join(folder, 'remote.git') }),
}

/** Without synchronization: another process holds the sync lock. */
export const gitmsgNotSyncing: Service = {
  ...own,
  name: 'gitmsg, not syncing',
  synchronizes: false,
  async start(folder) {
    const store = await openStore({ path: join(folder, 'gitmsg.db') })
    if (!(await store.acquireSyncLock())) throw new Error('Another process holds the sync lock')
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

/** A server with room for many live connections. `port`: where it listens; a free one by default. */
export const startLive = (folder: string, { port = 0 } = {}): Promise<RunningServer> =>
  startServer(folder, [SERVER_MAIN], { GITMSG_LIVE_SOCKETS: '12000', PORT: String(port) })

/** The smallest server that sends what is posted to WebSockets; it stores nothing. */
export const startBareLive = (folder: string, gatherMs: number): Promise<RunningServer> =>
  startServer(folder, [programPath('reference-live-server'), String(gatherMs)])

const bare = { database: 'bare.db', needs: 'bare server', synchronizes: false } as const
const startReference = (transactions: string) => (folder: string) =>
  startServer(folder, [programPath('reference-server'), join(folder, 'bare.db'), transactions])

/** One transaction for each post. */
export const bareServer: Service = { ...bare, name: 'bare server', start: startReference('each') }
/** One transaction for all posts that arrive in the same turn of the event loop. */
export const bareServerGrouped: Service = {
  ...bare,
  name: 'bare server, grouped',
  start: startReference('grouped'),
}
/** The same behind Koa, its router and its body parser, the libraries that gitmsg's service is built on. */
export const bareKoaServer: Service = {
  ...bare,
  name: 'bare Koa server, grouped',
  start: (folder) => startServer(folder, [programPath('reference-koa-server'), join(folder, 'bare.db')]),
}
