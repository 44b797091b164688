import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
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

describe('a shallow remote', () => {
  const cloneShallow = (source: string, target: string) =>
    plainGit('.', 'clone', '--quiet', '--bare', '--branch=main', '--depth=2', `file://${source}`, target)

  it(
    'is misconfigured, also on top of what was read before, and is read once it is whole',
    withLocalFixture(async ({ folder, remote, open }) => {
      const whole = open('whole.git')
      const two = last(await append(whole, { parent: null, commits: [draft('one'), draft('two')] }))
      const own = join(folder, 'shallow.git')
      const opened = open('opened.git', { remote: own })
      await plainGit(folder, 'clone', '--quiet', '--bare', remote, own)
      expect(await subjectsSince(opened)).toEqual(['one', 'two'])
      const tip = last(
        await append(whole, {
          parent: two,
          commits: ['three', 'four', 'five'].map((subject) => draft(subject)),
        }),
      )
      await rm(own, { recursive: true })
      await cloneShallow(remote, own)

      const shallow = { code: 'misconfigured', message: expect.stringContaining('shallow clone') }
      for (const backend of [open('new.git', { remote: own }), opened]) {
        expect(await backend.head()).toBe(tip)
        await expect(subjectsSince(backend)).rejects.toMatchObject(shallow)
      }
      await plainGit(own, 'fetch', '--quiet', '--unshallow', `file://${remote}`, 'main')
      expect(await subjectsSince(opened)).toEqual(['one', 'two', 'three', 'four', 'five'])
    }),
  )

  it(
    'is a local repository that is fetched again if it can be, and misconfigured otherwise',
    withLocalFixture(async ({ folder, remote, open }) => {
      const commits = ['one', 'two', 'three'].map((subject) => draft(subject))
      await append(open('whole.git'), { parent: null, commits })
      await cloneShallow(remote, join(folder, 'copy.git'))
      await cloneShallow(remote, join(folder, 'own.git'))

      const copy = open('copy.git')
      await expect(subjectsSince(copy)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await subjectsSince(copy)).toEqual(['one', 'two', 'three'])
      const own = open('own.git', { remote: null })
      await expect(subjectsSince(own)).rejects.toMatchObject({ code: 'misconfigured', message: /shallow/ })
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

describe('publish() without a reliable result of git push', () => {
  it(
    'succeeds if the remote has the commits although git failed',
    withLocalFixture(async ({ folder, open }) => {
      const script = 'if [ "$1" = push ]; then real "$@" >/dev/null 2>&1; fault; exit 1; fi'
      const wrapper = await createGitWrapper(folder, script)
      const backend = open('copy.git', wrapper)
      const [hash] = await append(backend, { parent: null, commits: [draft('one')] })
      expect(await backend.head()).toBe(hash)
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'succeeds if the remote has the commits below those of another writer',
    withLocalFixture(async ({ folder, remote, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = push ]; then real "$@" >/dev/null 2>&1; fault
         next=$(GIT_DIR='${remote}' real -c user.name=x -c user.email=x commit-tree -p main -m other 'main^{tree}')
         GIT_DIR='${remote}' real update-ref refs/heads/main $next; exit 1; fi`,
      )
      const backend = open('copy.git', wrapper)
      const [hash = ''] = await append(backend, { parent: null, commits: [draft('own')] })
      expect(await subjectsSince(backend)).toEqual(['own', 'other'])
      expect(await subjectsSince(backend, hash)).toEqual(['other'])
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  // Covers IN-70
  it(
    'rejects with unavailable if git succeeded but the remote has no commits',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = push ]; then fault; exit 0; fi')
      const backend = open('copy.git', wrapper)
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
      expect(await backend.head()).toBeNull()
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'rejects with stale-head if the remote has commits of another writer instead',
    withLocalFixture(async ({ folder, remote, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = push ]; then fault; export GIT_DIR='${remote}'; tree=$(real mktree < /dev/null)
         next=$(real -c user.name=x -c user.email=x commit-tree -m other $tree)
         real update-ref refs/heads/main $next; exit 1; fi`,
      )
      const backend = open('copy.git', wrapper)
      const appending = append(backend, { parent: null, commits: [draft('own')] })
      await expect(appending).rejects.toMatchObject({ code: 'stale-head' })
      expect(await subjectsSince(backend)).toEqual(['other'])
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'rejects with unknown-outcome if the remote cannot be read afterwards',
    withLocalFixture(async ({ folder, remote, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = push ]; then real "$@" >/dev/null 2>&1; mv '${remote}' '${remote}.gone'; fault; exit 1; fi`,
      )
      const appending = append(open('copy.git', wrapper), { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unknown-outcome' })
      expect(await wrapper.faults()).toBe(1)
      expect(await plainGit(`${remote}.gone`, 'rev-list', '--count', 'main')).toBe('1\n')
    }),
  )
})

describe('a remote that does not accept a push', () => {
  it(
    "publish() rejects with the reason of the remote's hook, without control characters",
    withLocalFixture(async ({ remote, open }) => {
      await installHook(remote, 'pre-receive', 'printf "\\033[31mno secrets\\033[0m, please\\n" >&2; exit 1')
      const backend = open('copy.git')
      const error = await append(backend, { parent: null, commits: [draft('one')] }).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'rejected' })
      expect(error.message).toMatch(/pre-receive hook declined.*no secrets.*, please/)
      expect(error.message).not.toMatch(/\p{Cc}/u)
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'publish() rejects with unavailable when the remote sends nothing within the timeout',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'pre-receive', `touch '${folder}/held'; sleep 60`)
      const backend = open('copy.git', { timeouts: { transfer: 500, finish: 500 } })
      const startedAt = performance.now()
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({
        code: 'unavailable',
        message: /git produced no output for 500 ms/,
      })
      expect(performance.now() - startedAt).toBeLessThan(5000)
      expect(await readdir(folder)).toContain('held')
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'publish() waits for a slow hook, longer than for a remote that receives nothing',
    withLocalFixture(async ({ remote, open }) => {
      await installHook(remote, 'pre-receive', 'sleep 2')
      const backend = open('copy.git', { timeouts: { transfer: 500, finish: 20_000 } })
      const tip = last(await append(backend, { parent: null, commits: [draft('one')] }))
      expect(await plainGit(remote, 'rev-parse', 'main')).toBe(`${tip}\n`)
    }),
  )

  it(
    'publish() lets curl wait for a slow hook as long',
    withLocalFixture(async ({ folder, open }) => {
      const script = `if [ "$1" = push ]; then fault; echo "$GIT_HTTP_LOW_SPEED_TIME" > '${folder}/seen'; fi`
      const wrapper = await createGitWrapper(folder, script)
      const backend = open('copy.git', { ...wrapper, timeouts: { finish: 90_000 } })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(await readFile(join(folder, 'seen'), 'utf8')).toBe('90\n')
    }),
  )

  it(
    'publish() does not kill what a hook of the remote leaves running',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'post-receive', `(sleep 0.5; touch '${folder}/later') > /dev/null 2>&1 &`)
      await append(open('copy.git'), { parent: null, commits: [draft('one')] })
      await expect.poll(() => readdir(folder), { timeout: 3000 }).toContain('later')
    }),
  )

  it(
    'publish() rejects with unavailable while the branch of the remote is locked',
    withLocalFixture(async ({ remote, open }) => {
      await mkdir(join(remote, 'refs', 'heads'), { recursive: true })
      await writeFile(join(remote, 'refs', 'heads', 'main.lock'), '')
      const backend = open('copy.git')
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )

  it(
    'head() and publish() reject with not-found if the remote does not exist',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { remote: join(folder, 'nowhere.git') })
      await expect(backend.head()).rejects.toMatchObject({ code: 'not-found' })
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'not-found' })
    }),
  )
})
