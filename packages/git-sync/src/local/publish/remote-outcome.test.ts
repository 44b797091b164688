import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

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
