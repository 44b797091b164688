import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

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

      expect(await subjectsSince(open('copy.git'))).toEqual(['one', 'two', 'three'])
      const own = open('own.git', { remote: null })
      await expect(subjectsSince(own)).rejects.toMatchObject({ code: 'misconfigured', message: /shallow/ })
    }),
  )
})
