import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Stranger } from './stranger.js'

/** Starts a shell command in a process group of its own; `ended` resolves with its output and exit code. */
export function start(command: string, { folder, env }: Pick<Stranger, 'folder' | 'env'>) {
  const child = spawn('sh', ['-c', command], { cwd: folder, env, detached: true })
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

/** Waits until a started server serves; resolves with its URL. */
export async function servedUrl({ ended, output }: ReturnType<typeof start>): Promise<string> {
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
export async function postAndRead(url: string, folder: string): Promise<string> {
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
