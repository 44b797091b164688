import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper, installHook } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

describe('a push whose answer cannot be believed', () => {
  it(
    'counts when it landed although git said that it failed',
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
    'counts when it landed and somebody else has appended since',
    withLocalFixture(async ({ folder, remote, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = push ]; then real "$@" >/dev/null 2>&1; fault
         next=$(GIT_DIR='${remote}' real -c user.name=x -c user.email=x commit-tree -p main -m theirs 'main^{tree}')
         GIT_DIR='${remote}' real update-ref refs/heads/main $next; exit 1; fi`,
      )
      const backend = open('copy.git', wrapper)
      const [hash = ''] = await append(backend, { parent: null, commits: [draft('ours')] })
      expect(await subjectsSince(backend)).toEqual(['ours', 'theirs'])
      expect(await subjectsSince(backend, hash)).toEqual(['theirs'])
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  // Covers IN-70
  it(
    'does not count when git said that it succeeded and did nothing',
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
    'is of unknown outcome when the remote cannot be read afterwards',
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

describe('a remote that says no', () => {
  it(
    'gives its reason',
    withLocalFixture(async ({ remote, open }) => {
      await installHook(remote, 'pre-receive', 'printf "\\033[31mno poison\\033[0m, please\\n" >&2; exit 1')
      const backend = open('copy.git')
      const error = await append(backend, { parent: null, commits: [draft('one')] }).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'rejected' })
      expect(error.message).toMatch(/pre-receive hook declined.*no poison.*, please/)
      expect(error.message).not.toMatch(/\p{Cc}/u)
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'is given up when it says nothing for too long, and nothing was published',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'pre-receive', `touch '${folder}/held'; sleep 60`)
      const backend = open('copy.git', { timeouts: { transfer: 500 } })
      const began = performance.now()
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable', message: /no sign of life/ })
      expect(performance.now() - began).toBeLessThan(5000)
      expect(await readdir(folder)).toContain('held')
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'may leave something running that its hook has started',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'post-receive', `(sleep 0.5; touch '${folder}/later') > /dev/null 2>&1 &`)
      await append(open('copy.git'), { parent: null, commits: [draft('one')] })
      await expect.poll(() => readdir(folder), { timeout: 3000 }).toContain('later')
    }),
  )

  it(
    'is busy while a lock of its own is in the way',
    withLocalFixture(async ({ remote, open }) => {
      await mkdir(join(remote, 'refs', 'heads'), { recursive: true })
      await writeFile(join(remote, 'refs', 'heads', 'main.lock'), '')
      const backend = open('copy.git')
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )

  it(
    'is not found when it is not there',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { remote: join(folder, 'nowhere.git') })
      await expect(backend.head()).rejects.toMatchObject({ code: 'not-found' })
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'not-found' })
    }),
  )
})
