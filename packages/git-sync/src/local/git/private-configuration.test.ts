import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { type LocalFixture, withLocalFixture } from '../testing/local-fixture.js'
import { privateConfigurationPath, remoteFolder, writePrivateConfiguration } from './private-configuration.js'

const run = promisify(execFile)
const NOBODY = '65534'
const isRoot = process.getuid?.() === 0

/** Gives the remote another owner: really as root; otherwise git is made to assume so. */
async function giveAway({ folder }: LocalFixture, remote: string) {
  if (isRoot) await run('chown', ['-R', `${NOBODY}:${NOBODY}`, remote])
  const wrapper = await createGitWrapper(folder, 'fault; export GIT_TEST_ASSUME_DIFFERENT_OWNER=1')
  return isRoot ? {} : { environment: wrapper.environment }
}

/** What git itself says about the remote, without any configuration. */
const plainLsRemote = (folder: string, remote: string): Promise<string> =>
  run('git', ['ls-remote', remote], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      GIT_CONFIG_GLOBAL: '/dev/null',
      ...(isRoot ? {} : { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }),
    },
  }).then(
    () => 'readable',
    (error) => error.message,
  )

const valuesIn = (path: string) =>
  run('git', ['config', '--file', path, '--null', '--get-all', 'safe.directory']).then(({ stdout }) =>
    stdout.split('\0').slice(0, -1),
  )

describe('a remote in a folder of another user', () => {
  it.each<[string, (remote: string) => string]>([
    ['a path', (remote) => remote],
    ['a path without .git', (remote) => remote.slice(0, -'.git'.length)],
    ['a path with a slash at its end', (remote) => `${remote}/`],
    ['a file URL', (remote) => pathToFileURL(remote).href],
  ])('is written and read: %s', async (_, address) => {
    await withLocalFixture(async (fixture) => {
      const options = await giveAway(fixture, fixture.remote)
      expect(await plainLsRemote(fixture.folder, fixture.remote)).toMatch(/dubious ownership/)

      const remote = address(fixture.remote)
      const backend = fixture.open('copy.git', { remote, ...options })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await append(backend, { parent, commits: [draft('two')] })
      const other = fixture.open('other.git', { remote, ...options })
      expect(await subjectsSince(other)).toEqual(['one', 'two'])
    })()
  })

  it(
    'is found through a symbolic link, and after the local repository was rebuilt',
    withLocalFixture(async (fixture) => {
      const { folder, open } = fixture
      await mkdir(join(folder, 'volume'))
      await rename(fixture.remote, join(folder, 'volume', 'real.git'))
      await symlink(join(folder, 'volume'), join(folder, 'link'))
      const options = await giveAway(fixture, join(folder, 'volume', 'real.git'))
      const remote = join(folder, 'link', 'real.git')
      expect(await plainLsRemote(folder, remote)).toMatch(/dubious ownership/)

      const backend = open('copy.git', { remote, ...options })
      await append(backend, { parent: null, commits: [draft('one')] })
      await rm(join(folder, 'copy.git'), { recursive: true })
      await backend.head().catch(() => {})
      expect(await subjectsSince(backend)).toEqual(['one'])
    }),
  )

  it(
    'does not make other folders safe',
    withLocalFixture(async (fixture) => {
      const { folder, open } = fixture
      const other = join(folder, 'other remote.git')
      await run('git', ['init', '--quiet', '--bare', other])
      await giveAway(fixture, other)
      const backend = open('copy.git')
      await backend.head()
      const configuration = privateConfigurationPath(join(folder, 'copy.git'))
      const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: configuration }
      const reading = run('git', ['ls-remote', other], {
        cwd: folder,
        env: { ...env, ...(isRoot ? {} : { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' }) },
      })
      await expect(reading).rejects.toThrow(/dubious ownership/)
    }),
  )
})

describe('writePrivateConfiguration()', () => {
  it(
    'quotes any path, and replaces an earlier file',
    withLocalFixture(async ({ folder }) => {
      const path = privateConfigurationPath(folder)
      await writePrivateConfiguration(folder, '/srv/earlier')
      const strange = '/srv/a "b" \\ c;#\td\n[safe]\n\tdirectory = *'
      await writePrivateConfiguration(folder, strange)
      expect(await valuesIn(path)).toEqual(
        ['', '/.git', '.git', '.git/.git'].map((suffix) => strange + suffix),
      )
      await chmod(path, 0o400)
      await writePrivateConfiguration(folder, '/srv/later')
      expect(await valuesIn(path)).toContain('/srv/later')
      expect(await readFile(path, 'utf8')).not.toContain('[safe]\n\tdirectory = *')
    }),
  )

  it(
    'writes no pattern that stands for other folders',
    withLocalFixture(async ({ folder }) => {
      await writePrivateConfiguration(folder, '/srv/*')
      expect(await valuesIn(privateConfigurationPath(folder))).not.toContain('/srv/*')
    }),
  )
})

describe('remoteFolder()', () => {
  it.each([
    [{ url: '/srv/a.git', scheme: 'file' }, '/srv/a.git'],
    [{ url: '/srv/a.git//', scheme: 'file' }, '/srv/a.git'],
    [{ url: 'file:///srv/a%20b.git', scheme: 'file' }, '/srv/a b.git'],
    [{ url: '/', scheme: 'file' }, '/'],
    [{ url: 'https://example.org/a.git', scheme: 'https' }, null],
    [null, null],
  ])('of %j is %j', (remote, folder) => {
    expect(remoteFolder(remote)).toBe(folder)
  })
})
