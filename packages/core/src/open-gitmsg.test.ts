import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFakeGithub } from '@gitmsg/git-sync/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openGitmsg } from './open-gitmsg.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitmsg-open-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))

const hello = { content: 'Hello, Git', sender: 'alice' }
const environment = process.env
const git = (directory: string, ...args: string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8' }).trim()

describe('openGitmsg()', () => {
  it('turns a message into a commit of the repository in the directory', async () => {
    await using gitmsg = await openGitmsg({ directory: join(folder, 'data'), environment })
    await gitmsg.post(hello)
    const { head, pending } = await gitmsg.sync()
    expect(pending).toBe(0)
    expect(git(join(folder, 'data/repository.git'), 'rev-parse', 'main')).toBe(head)
  })

  it('pushes to a remote', async () => {
    const remote = join(folder, 'remote.git')
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=backup', remote])
    await using gitmsg = await openGitmsg({ directory: folder, remote, branch: 'backup', environment })
    await gitmsg.post(hello)
    await gitmsg.sync()
    expect(git(remote, 'log', '--format=%s', 'backup')).toBe('Message 1 from alice')
  })

  it('publishes to GitHub, without a local repository', async () => {
    const github = await createFakeGithub({ repository: 'owner/name' })
    const { token } = github.settings
    const gitmsg = await openGitmsg({
      directory: folder,
      github: { repository: 'owner/name', token, baseUrl: github.url },
    })
    await gitmsg.post(hello)
    expect(await gitmsg.sync()).toMatchObject({ backend: 'github', pending: 0, last_error: null })
    expect(existsSync(join(folder, 'repository.git'))).toBe(false)
    await gitmsg.close()
    await github.close()
  })

  it('opens again what an earlier run left', async () => {
    const first = await openGitmsg({ directory: folder, environment })
    const { uid } = await first.post(hello)
    await first.close()
    await using second = await openGitmsg({ directory: folder, environment })
    await second.sync()
    expect(await second.find(uid)).toMatchObject({ id: 1, sync: { state: 'synchronized' } })
  })

  it('close() closes the engine, the backend and the store', async () => {
    const gitmsg = await openGitmsg({ directory: folder, environment })
    await gitmsg.close()
    await expect(gitmsg.post(hello)).rejects.toMatchObject({ code: 'closed' })
    await expect(gitmsg.backend.head()).rejects.toMatchObject({ code: 'aborted' })
    await expect(gitmsg.store.listMessages()).rejects.toMatchObject({ code: 'closed' })
  })

  it.each<[string, object, RegExp]>([
    ['a misspelt option', { remot: '/tmp/x' }, /unknown option "remot"/],
    ['a missing directory', { directory: undefined }, /directory must be a path/],
    [
      'github together with a remote',
      { remote: '/tmp/x', github: {} },
      /remote cannot be combined with github/,
    ],
  ])('rejects %s, and creates nothing', async (_, options, message) => {
    const directory = join(folder, 'data')
    await expect(openGitmsg({ directory, ...options } as never)).rejects.toThrow(message)
    expect(existsSync(directory)).toBe(false)
  })

  it('rejects an invalid remote, and creates nothing', async () => {
    const directory = join(folder, 'data')
    await expect(openGitmsg({ directory, remote: 'ext::sh -c x' })).rejects.toMatchObject({
      code: 'misconfigured',
    })
    expect(existsSync(directory)).toBe(false)
  })
})
