import { randomBytes } from 'node:crypto'
import { chmod, cp, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLogger } from '../../logger.js'
import { readAll, subjectsSince } from '../../testing/drafts.js'
import { createGitEnvironment } from '../git/environment.js'
import { createGit } from '../git/git.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import {
  createLocalFixture,
  type LocalFixture,
  plainGit,
  withLocalFixture,
} from '../testing/local-fixture.js'
import { createFetches } from './fetches.js'
import { parseRemote } from './remote-url.js'

const MEBIBYTE_BYTES = 1024 * 1024
const LARGE_FILES = 4
const LARGE_FILE_BYTES = 8 * MEBIBYTE_BYTES
/** git makes a pack of a fetch with as many objects, and unpacks smaller ones. */
const OBJECTS_FOR_A_PACK = 120

/** Commits large files that cannot be compressed to the remote. Returns the commit. */
async function commitLargeFiles({ folder, remote }: LocalFixture, smallFiles = 0): Promise<string> {
  const clone = join(folder, 'clone')
  const settings = ['user.name=p', 'user.email=p@p', 'core.compression=0']
  const git = (...args: string[]) => plainGit(clone, ...settings.flatMap((each) => ['-c', each]), ...args)
  await plainGit(folder, 'init', '--quiet', '--initial-branch=main', clone)
  await git('commit', '--quiet', '--allow-empty', '--message', 'small')
  for (let index = 0; index < LARGE_FILES; index += 1) {
    await writeFile(join(clone, `large-${index}`), randomBytes(LARGE_FILE_BYTES))
  }
  for (let index = 0; index < smallFiles; index += 1) await writeFile(join(clone, `${index}`), `${index}`)
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'large')
  await git('push', '--quiet', remote, 'main')
  return (await git('rev-parse', 'HEAD')).trim()
}

/** Has the large files, and in `tip` their commit. */
let large: LocalFixture & { readonly tip: string }
beforeAll(async () => {
  const fixture = await createLocalFixture()
  large = { ...fixture, tip: await commitLargeFiles(fixture) }
})
afterAll(() => large.dispose())

/** Puts the large files in the remote of a test. Returns their commit. */
async function copyLargeFiles({ remote }: LocalFixture): Promise<string> {
  await cp(large.remote, remote, { recursive: true, force: true })
  return large.tip
}

/** A git whose fetches pause after 20 MiB, longer than git is silent about what it has received. */
async function createSlowFetches(folder: string) {
  const uploadPack = join(folder, 'slow-upload-pack')
  const script = 'git-upload-pack "$@" | { dd bs=4096 count=5120 status=none; sleep 3; cat; }'
  await writeFile(uploadPack, `#!/bin/sh\n${script}\n`)
  await chmod(uploadPack, 0o755)
  return createGitWrapper(
    folder,
    `if [ "$1" = fetch ]; then fault; shift; real fetch --upload-pack="'${uploadPack}'" "$@"; exit; fi`,
  )
}

/** What git has not finished below the objects of a repository. */
async function temporaryFiles(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, 'objects'), { recursive: true })
  return names.filter((name) => name.includes('tmp_'))
}

/** A fetch of the fixture's remote into a repository of its own. */
async function openFetch(
  { folder, remote }: LocalFixture,
  { environment = {}, free }: { environment?: Record<string, string>; free: number },
) {
  const directory = join(folder, 'fetch.git')
  await plainGit(folder, 'init', '--quiet', '--bare', directory)
  const address = parseRemote(remote, undefined)
  const variables = createGitEnvironment({ directory, remote: address, token: undefined, environment })
  const git = createGit({ directory, variables, redact: (text) => text, logger: silentLogger })
  const fetches = createFetches({
    git,
    directory,
    url: address.url,
    branch: 'main',
    idleTimeoutMs: 30_000,
    maxBytes: Number.POSITIVE_INFINITY,
    space: () => ({ free, total: 1024 ** 4 }),
    logger: silentLogger,
  })
  return { fetchBranch: fetches.branch, directory }
}

describe('a fetch of more than its limit', () => {
  // Covers IN-72
  it.each([
    ['unpacked', copyLargeFiles],
    ['packed', (fixture: LocalFixture) => commitLargeFiles(fixture, OBJECTS_FOR_A_PACK)],
  ])('is ended, leaves nothing on the disk, and is not repeated until the branch moves: %s', (_, prepare) =>
    withLocalFixture(async (fixture) => {
      const { folder, remote, open } = fixture
      await prepare(fixture)
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = fetch ]; then fault; fi')
      const backend = open('copy.git', { ...wrapper, maxFetchBytes: MEBIBYTE_BYTES })
      const expected = {
        code: 'misconfigured',
        message: expect.stringMatching(/^the remote's branch has over 1 MiB that are not here: remove/),
      }
      await expect(readAll(backend)).rejects.toMatchObject(expected)
      expect(await temporaryFiles(join(folder, 'copy.git'))).toEqual([])
      await expect(readAll(backend)).rejects.toMatchObject(expected)
      expect(await wrapper.faults()).toBe(1)

      await plainGit(remote, 'update-ref', 'refs/heads/main', 'main~1')
      expect(await subjectsSince(backend)).toEqual(['small'])
      expect(await wrapper.faults()).toBe(2)
    })(),
  )
})

describe('a fetch that would fill the disk', () => {
  it(
    'is ended, leaves nothing on the disk, and is repeated',
    withLocalFixture(async (fixture) => {
      const tip = await copyLargeFiles(fixture)
      const slow = await createSlowFetches(fixture.folder)
      const { fetchBranch, directory } = await openFetch(fixture, { ...slow, free: 500 * MEBIBYTE_BYTES })
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(fetchBranch(tip, NEVER_ABORTED)).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('would have filled the disk'),
        })
      }
      expect(await slow.faults()).toBe(2)
      expect(await temporaryFiles(directory)).toEqual([])
    }),
  )

  it(
    'goes on while enough is free',
    withLocalFixture(async (fixture) => {
      const tip = await copyLargeFiles(fixture)
      const { fetchBranch, directory } = await openFetch(fixture, { free: 600 * MEBIBYTE_BYTES })
      await fetchBranch(tip, NEVER_ABORTED)
      expect((await plainGit(directory, 'rev-parse', 'main')).trim()).toBe(tip)
    }),
  )
})

it(
  'a fetch that is aborted leaves nothing on the disk',
  withLocalFixture(async (fixture) => {
    const tip = await copyLargeFiles(fixture)
    const { fetchBranch, directory } = await openFetch(fixture, { free: Number.POSITIVE_INFINITY })
    const controller = new AbortController()
    const fetching = fetchBranch(tip, controller.signal)
    while ((await temporaryFiles(directory)).length === 0) await Promise.race([fetching, sleep(5)])
    controller.abort()
    await expect(fetching).rejects.toMatchObject({ code: 'aborted' })
    expect(await temporaryFiles(directory)).toEqual([])
  }),
)
