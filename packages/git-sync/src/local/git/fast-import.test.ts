import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'
import { fastImportStream } from './fast-import.js'

describe('fastImportStream', () => {
  it('counts bytes, quotes paths, and ends with done', () => {
    const commits = [draft('größer', file('a "b"/ü', '🙂'), file('gone', null))]
    expect(Buffer.concat([...fastImportStream({ parent: 'a'.repeat(40), commits })]).toString()).toBe(
      `reset refs/gitmsg/outgoing
from ${'a'.repeat(40)}
commit refs/gitmsg/outgoing
mark :1
author Ada Lovelace <ada@example.invalid> 1736381201 +0000
committer contract <contract@example.invalid> 1736381220 +0000
data 9
größer

M 100644 inline "a \\"b\\"/ü"
data 4
🙂
D "gone"
get-mark :1
done
`,
    )
  })
})

describe('importCommits', () => {
  it(
    'can import a batch again after git was killed in the middle of it',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = fast-import ] && [ ! -e '${folder}/killed' ]; then
           touch '${folder}/killed'; fault; head -c 20000 | real "$@" & sleep 0.3; kill -9 $$; fi`,
      )
      const backend = open('copy.git', wrapper)
      const commits = Array.from({ length: 200 }, (_, index) => draft(`${index}`, file(`${index}`)))
      const request = { parent: null, commits }
      await expect(append(backend, request)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await wrapper.faults()).toBe(1)
      await append(backend, request)
      expect(await subjectsSince(backend)).toHaveLength(200)
      expect(await plainGit(join(folder, 'copy.git'), 'fsck', '--strict', '--no-dangling')).toBe('')
    }),
  )
})
