import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { SERVER_MAIN, serverEnvironment, until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const LONG_PATH = `/${'x'.repeat(15_000)}`

/** Sends requests that the server rejects with a line in its log: ten in each second, 15 KB each. */
async function makeLog(url: string, seconds = 1) {
  for (let second = 0; second < seconds; second += 1) {
    if (second > 0) await pause(1_000)
    const headers = { Origin: 'https://evil.example' }
    const responses = Array.from({ length: 10 }, () => fetch(new URL(LONG_PATH, url), { headers }))
    for (const response of await Promise.all(responses)) expect(response.status).toBe(403)
  }
}

async function expectServing(url: string) {
  expect((await fetch(new URL('/healthz', url))).status).toBe(200)
  await createClient(url).post('still here')
}

async function stop(child: ChildProcess) {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  return (await exit)[0]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('a server whose output cannot be written', () => {
  it('serves after the reader of its output is gone', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    server.process.stdout?.destroy()
    server.process.stderr?.destroy()
    await makeLog(server.url, 2)
    await expectServing(server.url)
    expect(await server.stop()).toBe(0)
  })

  it('serves while the reader of its output reads nothing', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    server.process.stdout?.pause()
    await makeLog(server.url, 4)
    await expectServing(server.url)
    server.process.stdout?.resume()
    await until(() => (server.output().match(/"request rejected"/g) ?? []).length === 40)
    expect(await server.stop()).toBe(0)
    expect(server.output()).toContain('"msg":"stopped"')
  })

  it('stops, even if the reader of its output reads nothing until the end', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    server.process.stdout?.pause()
    await makeLog(server.url, 4)
    expect(await server.stop()).toBe(0)
  })

  it.each(['/dev/full', '/dev/full 2>&1'])('starts and serves if its disk is full: > %s', async (target) => {
    await using workspace = await openWorkspace()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const command = `exec "${process.execPath}" "${SERVER_MAIN}" > ${target}`
    const env = serverEnvironment({ PORT: String(port), GITMSG_UNKNOWN: 'a line at the start' })
    const child = spawn('sh', ['-c', command], { cwd: workspace.path, env, stdio: 'ignore' })
    try {
      await until(() => {
        expect(child.exitCode).toBeNull()
        return fetch(new URL('/healthz', url)).then(
          ({ ok }) => ok,
          () => false,
        )
      })
      await makeLog(url, 2)
      await expectServing(url)
      expect(await stop(child)).toBe(0)
    } finally {
      child.kill('SIGKILL')
    }
  })
})
