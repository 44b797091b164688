import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createClient } from '@gitmsg/client'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openFolder } from '../testing/run-example.js'

const SERVER = createRequire(import.meta.url).resolve('gitmsg/package.json')

/** Starts a program, and resolves with it when its output matches. */
async function start(program, { folder, environment, until }) {
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
  })
  onTestFinished(() => child.kill('SIGKILL'))
  child.stderr.pipe(process.stderr)
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await vi.waitFor(() => expect(output).toMatch(until), 20_000)
  return { child, found: until.exec(output)[0] }
}

async function stop({ child }, signal) {
  child.kill(signal)
  return (await once(child, 'exit'))[0]
}

it('replies to each command once, also to those that were posted while it was away', async () => {
  const folder = await openFolder()
  const startServer = (port) =>
    start(join(SERVER, '../dist/main.js'), {
      folder,
      environment: { PORT: port },
      until: /http:\/\/127\.0\.0\.1:\d+/,
    })
  const server = await startServer('0')
  const { found: url } = server
  const client = createClient({ url })
  const environment = { GITMSG_URL: url }
  const startBot = () => start(join(import.meta.dirname, 'main.js'), { folder, environment, until: /^live/m })
  const ask = (content) => client.post({ content, sender: 'alice', topic: 'tests' })
  const replies = async () => (await client.list({ sender: 'bot' })).map(({ content }) => content)

  const bot = await startBot()
  await ask('!ping')
  await ask('No command')
  await ask('!unknown')
  await vi.waitFor(async () => expect(await replies()).toEqual(['pong']), 10_000)
  await stop(bot, 'SIGKILL')

  await ask('!echo while you were away')
  const again = await startBot()
  await vi.waitFor(async () => expect(await replies()).toEqual(['while you were away', 'pong']), 10_000)
  await ask('!topics')
  const expected = ['tests', 'while you were away', 'pong']
  await vi.waitFor(async () => expect(await replies()).toEqual(expected), 10_000)

  await stop(server, 'SIGKILL')
  await startServer(new URL(url).port)
  await ask('!ping')
  await vi.waitFor(async () => expect(await replies()).toEqual(['pong', ...expected]), 20_000)
  await vi.waitFor(async () => expect((await client.status()).pending).toBe(0), 10_000)
  expect(await replies()).toEqual(['pong', ...expected])
  expect(await stop(again, 'SIGTERM')).toBe(0)
})
