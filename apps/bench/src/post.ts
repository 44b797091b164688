import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { type Comparison, compare } from './compare.js'
import { inTemporaryFolder } from './temporary-folder.js'

const SECONDS = 4
const SERVER = join(
  dirname(createRequire(import.meta.url).resolve('@gitmsg/server/package.json')),
  'dist/main.js',
)
const REFERENCE = fileURLToPath(new URL('reference-server.js', import.meta.url))

/** Durable answers to POST /messages a second, beside a bare server with the same durability. */
export function comparePosts(connections: number, rounds: number): Promise<Comparison> {
  return compare(`post, ${connections} connections`, {
    unit: 'acknowledged/s',
    rounds,
    contenders: [
      { name: 'gitmsg', run: () => postsPerSecond(connections, () => [SERVER]) },
      {
        name: 'bare server',
        run: () => postsPerSecond(connections, (folder) => [REFERENCE, join(folder, 'bare.db')]),
      },
    ],
  })
}

function postsPerSecond(connections: number, command: (folder: string) => string[]): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const env = { ...process.env, PORT: '0', GITMSG_DATA_DIR: folder, LOG_LEVEL: 'info', GITMSG_REMOTE: '' }
    const server = spawn(process.execPath, command(folder), {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [line] = await once(server.stdout, 'data')
      const url = /http:\/\/[\d.:]+\//.exec(String(line))?.[0]
      if (!url) throw new Error(`The server said: ${line}`)
      const { requests, non2xx } = await autocannon({
        url: `${url}messages`,
        method: 'POST',
        connections,
        duration: SECONDS,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          content: 'Lorem ipsum dolor sit amet, consetetur sadipscing elitr.',
          sender: 'alice',
        }),
      })
      if (non2xx > 0) throw new Error(`${non2xx} posts were not accepted`)
      return requests.average
    } finally {
      server.kill('SIGKILL')
      await once(server, 'exit')
    }
  })
}
