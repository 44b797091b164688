import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace, type Workspace } from '../testing/workspace.js'

/** Opens a data folder without a server and a remote with its ten messages. */
async function openSynchronized() {
  const workspace = await openWorkspace()
  const remote = workspace.makeRemote()
  const settings = { GITMSG_REMOTE: remote }
  const server = await workspace.start(settings)
  const client = createClient(server.url)
  for (let number = 0; number < 10; number += 1) await client.post(`message ${number}`)
  await until(async () => (await client.sync()).pending === 0)
  const files = (await client.list()).map(({ uid }) => `messages/00/00/00/${uid}.json`)
  await server.stop()
  const run = (...args: string[]) => gitmsg(workspace.path, args, settings)
  return { ...workspace, workspace, remote, settings, files, run }
}

/** Changes files on the remote's branch with plain git; `null` removes one. */
function tamper(workspace: Workspace, remote: string, files: Record<string, string | null>): void {
  const clone = join(workspace.path, 'intruder')
  git(workspace.path, 'clone', '--quiet', remote, clone)
  for (const [name, content] of Object.entries(files)) {
    const path = join(clone, name)
    mkdirSync(dirname(path), { recursive: true })
    if (content === null) rmSync(path)
    else writeFileSync(path, content)
  }
  git(clone, 'add', '--all')
  git(clone, '-c', 'user.name=eve', '-c', 'user.email=eve@example.org', 'commit', '--quiet', '-m', 'tampered')
  git(clone, 'push', '--quiet', 'origin', 'main')
  rmSync(clone, { recursive: true })
}

const kindsIn = (output: string) => output.match(/^[a-z-]+(?= {2})/gm)?.sort() ?? []

describe('gitmsg verify', () => {
  it('exits with 0 if nothing was changed', async () => {
    await using test = await openSynchronized()
    const { status, stdout, stderr } = test.run('verify')
    expect(stdout).toBe('10 messages, 10 commits, 0 pending, 0 quarantined: no difference\n')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })

  it('exits with 1 and lists each difference, and --repair repairs what it can', async () => {
    await using test = await openSynchronized()
    const [removed = '', altered = ''] = test.files
    tamper(test.workspace, test.remote, { [removed]: null, [altered]: 'altered', 'messages/\u001b[31m': 'x' })

    const found = test.run('verify')
    expect(found.status).toBe(1)
    expect(kindsIn(found.stdout)).toEqual(['invalid-file', 'missing-in-repository', 'other-bytes'])
    expect(found.stdout).toContain('differences: 3, repaired: 0')
    expect(found.stdout).not.toContain('\u001b')

    const lines = test.run('verify', '--json').stdout.trim().split('\n')
    const [first, ...rest] = lines.map((line) => JSON.parse(line) as { type: string })
    expect(first).toMatchObject({ type: 'difference', kind: 'invalid-file', repaired: false })
    expect(rest.at(-1)).toMatchObject({ type: 'result', equal: false, messages: 10, commits: 11 })

    const repaired = test.run('verify', '--repair')
    expect(repaired.stdout).toContain('differences: 3, repaired: 1')
    expect(repaired.status).toBe(1)
    expect(test.run('sync').status).toBe(1) // other bytes at a message's path are a conflict
    expect(kindsIn(test.run('verify').stdout)).toEqual(['invalid-file', 'other-bytes'])

    const original = git(test.remote, 'show', `main~2:${altered}`)
    tamper(test.workspace, test.remote, { [altered]: `${original}\n`, 'messages/\u001b[31m': null })
    expect(test.run('verify').status).toBe(0)
    expect(git(test.remote, 'rev-list', '--count', 'main')).toBe('13')
  })

  it('reads while a server runs, but repairs only without one', async () => {
    await using test = await openSynchronized()
    const server = await test.start(test.settings)
    await createClient(server.url).sync() // the server has the lock now
    const { status, stdout } = test.run('verify')
    expect(stdout).toContain('no difference')
    expect(status).toBe(0)
    expect(existsSync(join(test.path, 'data/verification.git'))).toBe(false)
    expect(test.run('verify', '--repair')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/stop it/),
    })
  })

  it('creates no database', async () => {
    await using workspace = await openWorkspace()
    expect(gitmsg(workspace.path, ['verify']).status).toBe(1)
    expect(existsSync(join(workspace.path, 'data'))).toBe(false)
  })
})

describe('gitmsg quarantine', () => {
  // Covers IN-37
  it('lists rejected messages with the reason and retries them', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const hook = join(remote, 'hooks/pre-receive')
    writeFileSync(
      hook,
      '#!/bin/sh\nwhile read old new ref; do git grep -q POISON "$new" && echo "no POISON here" >&2 && exit 1; done\nexit 0\n',
    )
    chmodSync(hook, 0o755)
    const settings = { GITMSG_REMOTE: remote }
    const server = await workspace.start(settings)
    const client = createClient(server.url)
    await Promise.all(['one', 'POISON', 'two'].map((content) => client.post(content)))
    await until(async () => (await client.sync()).pending === 0)
    const uid = (await client.list()).find(({ content }) => content === 'POISON')?.uid ?? ''

    const run = (...args: string[]) => gitmsg(workspace.path, ['quarantine', ...args], settings)
    expect(run('list').stdout).toMatch(new RegExp(`^${uid}  .*: .*pre-receive hook declined`))
    expect(JSON.parse(run('list', '--json').stdout)).toMatchObject({ message: { uid, content: 'POISON' } })
    expect(run('retry', 'unknown')).toMatchObject({ stdout: '0 pending again\n', status: 1 })

    rmSync(hook)
    expect(run('retry', uid)).toMatchObject({ stdout: '1 pending again\n', status: 0 })
    await until(async () => (await client.list('?synchronized=true')).length === 3)
    expect(run('list').stdout).toBe('')
  })
})
