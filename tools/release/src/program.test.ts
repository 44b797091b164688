import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, inject, it, onTestFinished } from 'vitest'
import { openLocalRegistry } from './testing/local-registry.js'

/** Long enough to compile SQLite, if better-sqlite3 has no binary for this Node.js. */
const INSTALL_TIMEOUT_MS = 480_000

const registry = await openLocalRegistry(inject('tarballs'))
afterAll(() => registry[Symbol.dispose]())

const npmCache = execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()

/** A stranger: an empty folder, nothing installed, and an environment for their npm. */
function openStranger(name: string) {
  const folder = join(inject('consumer'), '..', name)
  const cache = join(folder, '..', `${name}-cache`)
  mkdirSync(folder)
  mkdirSync(cache)
  // npx keeps its installations beside what npm has downloaded: only the latter is shared.
  symlinkSync(join(npmCache, '_cacache'), join(cache, '_cacache'))
  const inherited = Object.entries(process.env).filter(([variable]) => !/^(npm|pnpm)_/i.test(variable))
  const settings = {
    PORT: '0',
    npm_config_cache: cache,
    npm_config_prefix: join(folder, '..', `${name}-global`),
    npm_config_registry: registry.url,
    npm_config_better_sqlite3_binary_host: registry.url,
    npm_config_prefer_offline: 'true',
  }
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(inherited), ...settings }
  return { folder, env, bin: join(settings.npm_config_prefix, 'bin') }
}

/** Starts a program in a process group of its own; `ended` resolves with its output and exit code. */
function start(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn('sh', ['-c', command], { ...options, detached: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code) => resolve(`${output}\nexit code ${code}`))
  })
  const stop = (signal: NodeJS.Signals) => isRunning(child) && process.kill(-Number(child.pid), signal)
  onTestFinished(() => void stop('SIGKILL'))
  return { ended, stop, output: () => output }
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null

/** Waits until a started server serves. */
async function servedUrl({ ended, output }: ReturnType<typeof start>): Promise<string> {
  let result: string | undefined
  void ended.then((text) => {
    result = text
  })
  for (;;) {
    const [, url] = /Serving on (http:\S+\/)/.exec(output()) ?? []
    if (url) return url
    if (result !== undefined) throw new Error(result)
    await pause(50)
  }
}

/** Posts a message; resolves with the subjects of the commits once it is in Git. */
async function postAndRead(url: string, folder: string): Promise<string> {
  const body = JSON.stringify({ content: 'Hello, Git', sender: 'alice' })
  const headers = { 'Content-Type': 'application/json' }
  expect(await fetch(new URL('messages', url), { method: 'POST', headers, body })).toHaveProperty(
    'status',
    201,
  )
  for (;;) {
    const [message] = (await (await fetch(new URL('messages', url))).json()) as { is_synchronized: boolean }[]
    if (message?.is_synchronized) break
    await pause(50)
  }
  const repository = join(folder, 'data/repository.git')
  return execFileSync('git', ['-C', repository, 'log', '--format=%s', 'main'], { encoding: 'utf8' })
}

it(
  'npx gitmsg in an empty folder serves the API and the tester, and commits what is posted',
  async () => {
    const { folder, env } = openStranger('npx')
    const program = start('npx --yes gitmsg', { cwd: folder, env })
    const url = await servedUrl(program)
    expect(await (await fetch(url)).text()).toContain('<title>gitmsg')
    expect(await postAndRead(url, folder)).toContain('Message 1 from alice\n')
    program.stop('SIGINT')
    expect(await program.ended).toMatch(/"stopped"/)
  },
  INSTALL_TIMEOUT_MS,
)

it(
  'npm install -g gitmsg serves; if SQLite is missing, after the command that the program names',
  async () => {
    const { folder, env, bin } = openStranger('global')
    const options = { cwd: folder, env }
    const installed = await start('npm install -g --ignore-scripts gitmsg', options).ended
    expect(installed).toContain('exit code 0')
    const serve = `exec ${join(bin, 'gitmsg')} serve`
    if (Number(process.versions.napi) < 10) {
      const refused = await start(serve, options).ended
      expect(refused).toMatch(/gitmsg: the binary of better-sqlite3 is missing.*exit code 1$/s)
      const [, command = ''] = /"(npm install -g [^"]+)"/.exec(refused) ?? []
      expect(await start(command, options).ended).toContain('exit code 0')
    }
    const program = start(serve, options)
    expect(await postAndRead(await servedUrl(program), folder)).toContain('Message 1 from alice\n')
    program.stop('SIGTERM')
    expect(await program.ended).toMatch(/"stopped".*exit code 0$/s)
  },
  INSTALL_TIMEOUT_MS,
)
