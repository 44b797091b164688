import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './root.js'
import { until } from './run-server.js'

const EXAMPLE = join(ROOT, 'examples/comments')

/** The site of the example of comments, with an origin of its own. */
export interface CommentedSite {
  readonly origin: string
  /** Lets the pages use this server. */
  use(serverUrl: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Serves a copy of the example with its own program. */
export async function openCommentedSite(): Promise<CommentedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-site-'))
  const site = join(folder, 'site')
  for (const name of ['site', 'main.js', 'package.json']) {
    await cp(join(EXAMPLE, name), join(folder, name), { recursive: true })
  }
  await symlink(join(EXAMPLE, 'node_modules'), join(folder, 'node_modules'))
  const child = spawn(process.execPath, ['main.js'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const origin = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0])
  return {
    origin,
    async use(serverUrl) {
      for (const name of ['first.html', 'second.html']) {
        const path = join(site, name)
        const page = await readFile(path, 'utf8')
        await writeFile(path, page.replace('http://127.0.0.1:3000/', serverUrl))
      }
    },
    async [Symbol.asyncDispose]() {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
      await rm(folder, { recursive: true })
    },
  }
}
