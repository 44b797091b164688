import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createLocalBackend, rewriteBranch } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'
import { type PurgeOptions, purge } from '../history/purge.js'
import { openNode } from './open-node.js'

const execute = promisify(execFile)
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** The output of plain git in a repository. */
export const gitIn = async (directory: string, ...args: string[]): Promise<string> =>
  (await execute('git', ['-C', directory, ...args], { maxBuffer: MAX_OUTPUT_BYTES })).stdout.trim()

/** A server with a data directory of its own, as a node that is opened anew after each step of another program. */
export type LocalServer = Awaited<ReturnType<typeof openLocalServer>>

/**
 * Servers on one remote, or one server without; in a folder that is removed at the end. It begins as a copy of the
 * folder `from`, whose servers are closed.
 */
export async function openLocalServers(
  count: number,
  { hasRemote = true, from }: { hasRemote?: boolean; from?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'purge '))
  if (from) cpSync(from, folder, { recursive: true })
  const remote = hasRemote ? join(folder, 'remote.git') : null
  if (remote && !from) await execute('git', ['init', '--quiet', '--bare', '--initial-branch=main', remote])
  const servers: LocalServer[] = []
  for (let number = 1; number <= count; number += 1) {
    servers.push(await openLocalServer(join(folder, `data ${number}`), remote))
  }
  async function close(): Promise<void> {
    for (const server of servers) await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { folder, remote, servers, [Symbol.asyncDispose]: close }
}

async function openLocalServer(data: string, remote: string | null) {
  mkdirSync(data, { recursive: true })
  const directory = join(data, 'repository.git')
  const openBackend = () => createLocalBackend({ directory, remote, rebuildable: true })
  const openParts = async () => {
    const store = await openStore({ path: join(data, 'gitmsg.db') })
    const backend = openBackend()
    return { ...(await openNode({ store, wrap: () => backend })), store, backend }
  }
  let parts: Awaited<ReturnType<typeof openParts>> | null = await openParts()

  async function close(): Promise<void> {
    await parts?.backend.close()
    await parts?.store.close()
    parts = null
  }
  async function node() {
    parts ??= await openParts()
    return parts
  }

  return {
    data,
    directory,
    node,
    close,
    /** Imports, then publishes all that is pending. */
    async synchronize(): Promise<void> {
      const { importOnce, dispatchOnce } = await node()
      await importOnce()
      while ((await dispatchOnce()) === 'more');
    },
    /** Stops the server, and purges as the command does. */
    async purge(options: Partial<PurgeOptions> & Pick<PurgeOptions, 'uids'>) {
      await close()
      const store = await openStore({ path: join(data, 'gitmsg.db') })
      try {
        return await purge({
          store,
          openBackend,
          rewriteBranch: (rewrites, options) => rewriteBranch({ directory, remote }, rewrites, options),
          ...options,
        })
      } finally {
        await store.close()
      }
    },
  }
}

/** Where one of these texts is still to be found below a folder: in a file, or in an object of its repositories. */
export async function placesOf(folder: string, texts: readonly string[]): Promise<string[]> {
  const places: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) {
      const bytes = readFileSync(path)
      if (texts.some((text) => bytes.includes(text))) places.push(path)
    } else if (entry.name.endsWith('.git')) {
      const objects = await gitIn(path, 'cat-file', '--batch', '--batch-all-objects', '--unordered')
      if (texts.some((text) => objects.includes(text))) places.push(`an object of ${path}`)
      for (const text of texts) {
        const log = await gitIn(path, 'log', '--all', '--format=%H', `-S${text}`)
        if (log !== '') places.push(`the history of ${path}`)
      }
    }
  }
  return places
}
