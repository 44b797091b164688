import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { contentsOfDatabase } from '../testing/servers/database.js'
import { git, openWorkspace } from '../testing/workspace.js'

describe('a push that outlives its server', () => {
  it('is noticed by the next server, which pushes nothing twice', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const marker = join(workspace.path, 'pushes')
    writeFileSync(join(remote, 'hooks/pre-receive'), `#!/bin/sh\necho push >> '${marker}'\nsleep 2\n`, {
      mode: 0o755,
    })
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    await createClient(server.url).post('once')
    await until(() => existsSync(marker))
    await server.stop('SIGKILL')
    expect(spawnSync('git', ['rev-parse', 'main'], { cwd: remote }).status).not.toBe(0) // not landed yet

    const next = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    await until(async () => (await next.sync()).pending === 0)
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('1')
    expect(await next.list()).toMatchObject([{ git_hash: git(remote, 'rev-parse', 'main') }])
  })
})

describe('a server that gets a signal to stop', () => {
  it('finishes its requests, pushes what is pending and exits with 0', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    const client = createClient(server.url)
    await Promise.all(Array.from({ length: 50 }, (_, number) => client.post(`message ${number}`)))
    expect(await server.stop('SIGINT')).toBe(0)
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('50')
  })

  it('exits at once at a second signal half a second later, and loses nothing', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const hook = join(remote, 'hooks/pre-receive')
    writeFileSync(hook, '#!/bin/sh\nsleep 5\n', { mode: 0o755 })
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    await createClient(server.url).post('pending')
    server.process.kill('SIGTERM')
    await until(() => server.output().includes('shutting down'))
    server.process.kill('SIGTERM')
    await sleep(500)
    expect(await server.stop('SIGTERM')).toBe(143)

    rmSync(hook)
    const next = createClient((await workspace.start({ GITMSG_REMOTE: remote })).url)
    await until(async () => (await next.sync()).pending === 0)
    expect(await next.list()).toMatchObject([{ content: 'pending', is_synchronized: true }])
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('1')
  })
})

describe('a fault in the synchronizer thread', () => {
  /** Settings that run a program in the thread before anything else. */
  const inThread = (program: string) => {
    const source = `import { isMainThread } from 'node:worker_threads'
      import { appendFileSync, readFileSync } from 'node:fs'
      if (!isMainThread) { ${program} }`
    return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` }
  }

  it('ends the server, which logs the error and loses no acknowledged message', async () => {
    await using workspace = await openWorkspace()
    const fault = inThread("setTimeout(() => { throw new Error('broken on purpose') }, 1_000)")
    const server = await workspace.start(fault)
    const exit = once(server.process, 'exit')
    const client = createClient(server.url)
    const acknowledged: string[] = []
    const posting = async () => {
      for (let number = 0; ; number += 1) {
        await client.post(`message ${number}`)
        acknowledged.push(`message ${number}`)
      }
    }
    await posting().catch(() => {})
    expect(await exit).toEqual([1, null])
    expect(server.output()).toContain('broken on purpose')
    expect(acknowledged.length).toBeGreaterThan(0)

    const next = await workspace.start()
    await until(async () => (await createClient(next.url).sync()).pending === 0)
    await next.stop()
    const stored = contentsOfDatabase(join(workspace.path, 'data/gitmsg.db'))
    expect(acknowledged.filter((content) => !stored.includes(content))).toEqual([])
  })

  it('at the start of the thread is retried while messages are accepted', async () => {
    await using workspace = await openWorkspace()
    const starts = join(workspace.path, 'starts')
    const fault = `appendFileSync('${starts}', 'x')
      if (readFileSync('${starts}').length < 3) throw new Error('not yet')`
    const server = await workspace.start(inThread(fault))
    const client = createClient(server.url)
    await client.post('posted meanwhile')
    expect(await client.sync()).toMatchObject({ pending: 0, state: 'idle' })
    expect(readFileSync(starts, 'utf8')).toBe('xxx')
    expect(server.output()).toContain('the sync thread failed to start')
    expect(await server.stop()).toBe(0)
  })
})
