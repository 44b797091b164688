import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, last, subjectsSince } from '../testing/drafts.js'
import { createGitWrapper } from './testing/git-wrapper.js'
import { plainGit, withLocalFixture } from './testing/local-fixture.js'

describe('prepare', () => {
  it(
    'does not ask git whether the commit that it built last exists',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(folder, 'if [ "$1" = cat-file ]; then fault; fi')
      const backend = open('own.git', { remote: null, ...wrapper })
      let parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
      parent = last(await append(backend, { parent, commits: [draft('two')] }))
      expect(await wrapper.faults()).toBe(0)
      const reopened = open('own.git', { remote: null, ...wrapper })
      await append(reopened, { parent, commits: [draft('three')] })
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  it(
    'throws stale-head with both commits for a parent that the branch does not have',
    withLocalFixture(async ({ open }) => {
      const backend = open('copy.git')
      const parent = '1'.repeat(40)
      await expect(backend.prepare({ parent, commits: [draft('one')] })).rejects.toMatchObject({
        code: 'stale-head',
        message: `the branch is at no commit, not at ${parent}`,
      })
    }),
  )

  it(
    'throws corrupt if the tip of the branch is missing',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      await backend.head()
      const parent = '1'.repeat(40)
      await writeFile(join(folder, 'own.git', 'refs/heads/main'), `${parent}\n`)
      await expect(backend.prepare({ parent, commits: [draft('one')] })).rejects.toMatchObject({
        code: 'corrupt',
      })
    }),
  )

  it(
    'shows its commits on no branch, local or remote, before they are published',
    withLocalFixture(async ({ folder, remote, open }) => {
      const backend = open('copy.git')
      const { hashes, publish } = await backend.prepare({ parent: null, commits: [draft('one')] })
      for (const repository of [remote, join(folder, 'copy.git')]) {
        expect(await plainGit(repository, 'branch', '--all')).toBe('')
      }
      await publish()
      for (const repository of [remote, join(folder, 'copy.git')]) {
        expect(await plainGit(repository, 'rev-parse', 'main')).toBe(`${last(hashes)}\n`)
      }
    }),
  )
})

describe('publish', () => {
  it(
    'throws stale-head if the repository was reopened since, and can be prepared again',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('own.git', { remote: null })
      const request = { parent: null, commits: [draft('one')] }
      const prepared = await backend.prepare(request)
      await rm(join(folder, 'own.git'), { recursive: true })
      await expect(backend.head()).rejects.toMatchObject({ code: 'unavailable' })
      await expect(prepared.publish()).rejects.toMatchObject({
        code: 'stale-head',
        message: 'the prepared commits are gone: the repository was reopened',
      })
      expect(await append(backend, request)).toEqual(prepared.hashes)
      expect(await subjectsSince(backend)).toEqual(['one'])
    }),
  )
})
