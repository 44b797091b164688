import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { append, type GitBackend } from '../../git-backend.js'
import { silentLogger } from '../../logger.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper, installHook } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'
import { processesWith } from '../testing/processes.js'

describe('createRemoteDestination', () => {
  it(
    'publish() restores commits that the remote has lost, and logs a warning',
    withLocalFixture(async ({ remote, open }) => {
      const warn = vi.fn()
      const backend = open('copy.git', { logger: { ...silentLogger, warn } })
      const [one = '', two = ''] = await append(backend, {
        parent: null,
        commits: [draft('one'), draft('two')],
      })
      await plainGit(remote, 'update-ref', 'refs/heads/main', one)
      await append(backend, { parent: two, commits: [draft('three')] })
      expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      expect(warn.mock.calls).toEqual([[{ parent: two }, 'remote had lost commits: restored']])
    }),
  )

  it(
    'publish() resets the local copy of the branch if it was moved, and logs a warning',
    withLocalFixture(async ({ folder, open }) => {
      const warn = vi.fn()
      const backend = open('copy.git', { logger: { ...silentLogger, warn } })
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      await writeFile(join(folder, 'copy.git', 'refs/heads/main'), `${'1'.repeat(40)}\n`)
      expect(warn).not.toHaveBeenCalled()
      const tip = last(await append(backend, { parent, commits: [draft('two')] }))
      expect(warn).toHaveBeenCalledWith(
        expect.anything(),
        'local copy of the branch was at the wrong commit: resetting it',
      )
      expect(await plainGit(join(folder, 'copy.git'), 'rev-parse', 'main')).toBe(`${tip}\n`)
    }),
  )

  it(
    'head() rejects and ends its processes when the remote accepts the connection and sends nothing',
    withLocalFixture(async ({ folder, open }) => {
      let connections = 0
      const blackHole = createServer(() => (connections += 1))
      await new Promise<void>((resolve) => blackHole.listen(0, '127.0.0.1', resolve))
      const { port } = blackHole.address() as { port: number }
      for (const scheme of ['http', 'git']) {
        const remote = `${scheme}://127.0.0.1:${port}/${folder.split(' ').at(-1)}`
        const backend = open(`${scheme}.git`, { remote, timeouts: { query: 300 } })
        const startedAt = performance.now()
        await expect(backend.head()).rejects.toMatchObject({ code: 'unavailable' })
        expect(performance.now() - startedAt).toBeLessThan(5000)
        await backend.close()
        expect(processesWith(remote)).toEqual([])
      }
      expect(connections).toBe(2)
      blackHole.close()
    }),
  )

  it.each([
    ['ls-remote', (backend: GitBackend) => backend.head()],
    ['fetch', (backend: GitBackend) => subjectsSince(backend)],
  ])(
    'a git %s that is killed and exits with 0 all the same is never read as a result',
    async (name, read) => {
      await withLocalFixture(async ({ folder, open }) => {
        await append(open('other.git'), { parent: null, commits: [draft('one')] })
        const wrapper = await createGitWrapper(
          folder,
          `if [ "$1" = ${name} ]; then fault; trap 'exit 0' TERM; sleep 60 & wait; fi`,
        )
        const backend = open('copy.git', { ...wrapper, timeouts: { query: 300, transfer: 300 } })
        await expect(read(backend)).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringMatching(new RegExp(`git ${name} was killed:.*produced no output`)),
        })
        expect(await wrapper.faults()).toBe(1)
      })()
    },
  )

  it(
    'publish() rejects with unknown-outcome and ends its processes when the backend is closed during a hook',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'pre-receive', `touch '${folder}/held'; sleep 60`)
      const backend = open('copy.git')
      const appending = append(backend, { parent: null, commits: [draft('one')] }).catch((error) => error)
      await expect.poll(() => readdir(folder), { timeout: 5000 }).toContain('held')
      expect(processesWith(remote)).not.toEqual([])
      await backend.close()
      expect(await appending).toMatchObject({ code: 'unknown-outcome' })
      expect(processesWith(remote)).toEqual([])
    }),
  )
})

describe('the local copy of the branch', () => {
  it(
    'is fetched only if the remote has moved',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = fetch ]; then fault; fi')
      const backend = open('copy.git', wrapper)
      const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      expect(await subjectsSince(backend)).toEqual(['one'])
      expect(await wrapper.faults()).toBe(0)
      await append(open('other.git'), { parent, commits: [draft('two')] })
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
      expect(await wrapper.faults()).toBe(1)
      expect(await subjectsSince(backend)).toEqual(['one', 'two'])
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'does not fail publish() if it cannot be updated, and is fetched later',
    withLocalFixture(async ({ folder, remote, open }) => {
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = update-ref ]; then fault; exit 1; fi')
      const warn = vi.fn()
      const backend = open('copy.git', { ...wrapper, logger: { ...silentLogger, warn } })
      const tip = last(await append(backend, { parent: null, commits: [draft('one')] }))
      expect(await plainGit(remote, 'rev-parse', 'main')).toBe(`${tip}\n`)
      expect(warn.mock.calls.map(([, message]) => message)).toEqual([
        'local copy of the branch was at the wrong commit: resetting it',
        'cannot update the local copy of the branch',
      ])
      expect(await wrapper.faults()).toBe(2)
      expect(await subjectsSince(backend)).toEqual(['one'])
    }),
  )
})

it(
  'a fetch that leaves the local copy where it was is not a success',
  withLocalFixture(async ({ folder, open }) => {
    const writer = open('other.git')
    const parent = last(await append(writer, { parent: null, commits: [draft('one')] }))
    const wrapper = await createGitWrapper(
      folder,
      `if [ "$1" = fetch ] && [ -e '${folder}/broken' ]; then fault; echo 'warning: not today' >&2; exit 0; fi`,
    )
    const backend = open('copy.git', wrapper)
    expect(await subjectsSince(backend)).toEqual(['one'])
    await append(writer, { parent, commits: [draft('two')] })
    await writeFile(join(folder, 'broken'), '')
    await expect(subjectsSince(backend)).rejects.toMatchObject({ code: 'unavailable', message: /not today/ })
    expect(await wrapper.faults()).toBe(1)
  }),
)
