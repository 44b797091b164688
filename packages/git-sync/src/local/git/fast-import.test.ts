import { expect, it } from 'vitest'
import { draft, file } from '../../testing/drafts.js'
import { fastImportStream } from './fast-import.js'

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
