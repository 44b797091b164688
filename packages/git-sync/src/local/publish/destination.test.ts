import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft } from '../../testing/drafts.js'
import { NEVER_ABORTED } from '../git/git-command.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { createTestGit } from '../testing/test-git.js'
import { createLocalDestination, type Destination } from './destination.js'

/** The body of a test on the branch of a repository with two commits. */
const withDestination = (
  body: (fixture: { destination: Destination; directory: string; one: string; two: string }) => Promise<void>,
) =>
  withLocalFixture(async ({ folder, open }) => {
    const directory = join(folder, 'own.git')
    const commits = [draft('one'), draft('two')]
    const [one = '', two = ''] = await append(open('own.git', { remote: null }), { parent: null, commits })
    await body({ destination: createLocalDestination(createTestGit(directory), 'main'), directory, one, two })
  })

describe('createLocalDestination', () => {
  it(
    'moves the branch from the parent to the tip',
    withDestination(async ({ destination, one, two }) => {
      await destination.publish({ parent: two, tip: one }, NEVER_ABORTED)
      expect(await destination.head(NEVER_ABORTED)).toBe(one)
      expect(await destination.fetch(NEVER_ABORTED)).toBe(one)
    }),
  )

  it(
    'throws stale-head with both commits, and moves nothing, if the branch is not at the parent',
    withDestination(async ({ destination, one, two }) => {
      const publishing = destination.publish({ parent: null, tip: one }, NEVER_ABORTED)
      const message = `the branch is at ${two}, not at no commit`
      await expect(publishing).rejects.toMatchObject({ code: 'stale-head', message })
      expect(await destination.head(NEVER_ABORTED)).toBe(two)
    }),
  )

  it(
    'resolves if the branch is at the tip already',
    withDestination(async ({ destination, one, two }) => {
      await destination.publish({ parent: one, tip: two }, NEVER_ABORTED)
    }),
  )

  it(
    'throws the failure of git, not stale-head, if the branch is at the parent but locked',
    withDestination(async ({ destination, directory, one, two }) => {
      await writeFile(join(directory, 'refs/heads/main.lock'), '')
      const publishing = destination.publish({ parent: two, tip: one }, NEVER_ABORTED)
      await expect(publishing).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )

  it(
    'throws aborted, and moves nothing, if the signal has aborted',
    withDestination(async ({ destination, one, two }) => {
      const publishing = destination.publish({ parent: two, tip: one }, AbortSignal.abort())
      await expect(publishing).rejects.toMatchObject({ code: 'aborted' })
      expect(await destination.head(NEVER_ABORTED)).toBe(two)
    }),
  )
})
