import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace, type Workspace } from '../testing/workspace.js'

const SECRET = 'correct horse battery staple'

/** A server that was stopped after a message was posted and deleted, all of it in the repository. */
async function deleteSecret(workspace: Workspace, settings: Record<string, string>): Promise<string> {
  const server = await workspace.start(settings)
  const json = { 'Content-Type': 'application/json' }
  const send = (method: string, path: string, body?: object) =>
    fetch(new URL(path, server.url), { method, headers: json, ...(body && { body: JSON.stringify(body) }) })
  const synchronize = () =>
    until(async () => ((await (await send('POST', 'sync')).json()) as { pending: number }).pending === 0)
  await send('POST', 'messages', { content: 'before', sender: 'alice', topic: 'chat' })
  await send('POST', 'messages', { content: SECRET, sender: 'alice' })
  await synchronize()
  const { uid } = (await (await send('GET', 'messages/2')).json()) as { uid: string }
  expect((await send('DELETE', 'messages/2')).status).toBe(204)
  await synchronize()
  expect(gitmsg(workspace.path, ['purge', uid, '--force'], settings)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('a server synchronizes this database: stop it'),
  })
  await server.stop()
  return uid
}

describe('gitmsg purge', () => {
  it('erases a deleted message from the remote, the local repository and the database', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_REMOTE: workspace.makeRemote() }
    const uid = await deleteSecret(workspace, settings)
    const data = join(workspace.path, 'data')
    for (const name of ['verification.git', 'repository.git.damaged']) mkdirSync(join(data, name))

    expect(gitmsg(workspace.path, ['purge', uid], settings)).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('--force or --dry-run'),
    })
    const dry = gitmsg(workspace.path, ['purge', uid, '--dry-run'], settings)
    expect(dry).toMatchObject({ status: 0 })
    expect(dry.stdout).toContain('1 message; 1 commit rewritten, 1 dropped')
    const before = git(settings.GITMSG_REMOTE, 'rev-parse', 'main')

    const purged = gitmsg(workspace.path, ['purge', uid, '--force', '--json'], settings)
    expect(purged).toMatchObject({ status: 0, stderr: '' })
    const after = git(settings.GITMSG_REMOTE, 'rev-parse', 'main')
    expect(JSON.parse(purged.stdout)).toMatchObject({
      purged: true,
      old_tip: before,
      new_tip: after,
      remaining: 0,
    })
    expect(git(settings.GITMSG_REMOTE, 'log', '--all', `-S${SECRET}`)).toBe('')
    for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile()) expect([path, readFileSync(path).includes(SECRET)]).toEqual([path, false])
    }
    const local = join(data, 'repository.git')
    expect(git(local, 'cat-file', '--batch', '--batch-all-objects')).not.toContain(SECRET)
    for (const name of ['verification.git', 'repository.git.damaged']) {
      expect(existsSync(join(data, name))).toBe(false)
    }
    expect(gitmsg(workspace.path, ['verify'], settings)).toMatchObject({ status: 0 })
    const server = await workspace.start(settings)
    await server.stop()
    expect(server.output()).not.toContain('history lost')
  })

  it('reports what cannot be purged, and needs git', async () => {
    await using workspace = await openWorkspace()
    const settings = { GITMSG_REMOTE: workspace.makeRemote() }
    await deleteSecret(workspace, settings)
    expect(gitmsg(workspace.path, ['purge', 'unknown', '--force'], settings)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('unknown is not the uid of a message'),
    })
    const github = { GITHUB_TOKEN: 'token', GITHUB_REPO: 'owner/name' }
    expect(gitmsg(workspace.path, ['purge', 'unknown', '--force'], github)).toMatchObject({
      status: 78,
      stderr: expect.stringContaining('GITMSG_BACKEND must be local'),
    })
  })
})
