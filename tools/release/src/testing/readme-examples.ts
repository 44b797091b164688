import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { ROOT } from '../published-packages.js'
import { run } from '../run.js'

/** The server of examples, as `npm start` serves it. */
const LOCAL_SERVER = 'http://127.0.0.1:3000'

/** What the first example of each library prints. Bun and Deno print values with other quotes than Node.js. */
const OUTPUT: Record<string, RegExp> = {
  accounts: /^ada \[ ['"]read['"], ['"]write['"], ['"]moderate['"], ['"]admin['"] \]$/m,
  client: /^alice: Hello, Git$/m,
  core: /content: ['"]Hello, Git['"].*is_synchronized: true/s,
  'git-sync': /^[0-9a-f]{40} First entry$/m,
  store: /^copying messages\/1\.json$.*pending: 0/ms,
}

/** The first block of JavaScript in the README of a library that is installed in a folder. */
export function firstExample(folder: string, name: string): string {
  const readme = readFileSync(join(folder, 'node_modules/@gitmsg', name, 'README.md'), 'utf8')
  return /^```js\n(.*?)^```$/ms.exec(readme)?.[1] ?? ''
}

/** How to run an example. */
export interface ExampleOptions {
  /** Where the libraries are installed. */
  readonly folder: string
  /** The command that runs a module. Default: Node.js. */
  readonly command?: readonly string[]
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv
}

/** Runs the first example of a library's README as printed, in a folder of its own, and expects its output. */
export async function runFirstExample(name: string, options: ExampleOptions): Promise<void> {
  const { folder, command = ['node'], env } = options
  const own = join(folder, `readme-${name}`)
  mkdirSync(own)
  const example = firstExample(folder, name)
  const text = example.includes(LOCAL_SERVER)
    ? example.replace(LOCAL_SERVER, await startServer(folder))
    : example
  writeFileSync(join(own, 'example.mjs'), text)
  const { stdout, stderr } = await run(own, [...command, 'example.mjs'], env)
  expect(stdout).toMatch(OUTPUT[name] ?? /never/)
  expect(stderr).toBe('')
}

/** Starts the server on a free port until the end of the test; resolves with its URL. */
async function startServer(folder: string): Promise<string> {
  const cwd = mkdtempSync(join(folder, 'server-'))
  const program = join(ROOT, 'apps/server/dist/main.js')
  const child = spawn('node', [program], { cwd, env: { PATH: process.env.PATH, PORT: '0' } })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  for await (const chunk of child.stdout) {
    output += chunk
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`The server ended: ${output}`)
}
