import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file, readAll } from '../../testing/drafts.js'
import { openGithubFixture } from '../testing/github-fixture.js'

const KIBIBYTE_BYTES = 1024
const PART_BYTES = 2 * 1024 * KIBIBYTE_BYTES

describe.each([true, false])('a large commit on GitHub, with patches: %s', (hasPatches) => {
  it('is read in parts', async () => {
    await using fixture = await openGithubFixture({ hasPatches })
    const backend = fixture.open()
    const content = `${'x'.repeat(256 * KIBIBYTE_BYTES)}\n`
    const paths = Array.from({ length: 40 }, (_, index) => `m/${String(index).padStart(2, '0')}`)
    const commits = [
      draft('large', ...paths.map((path) => file(path, content))),
      draft('after', file('m/00')),
    ]
    await append(backend, { parent: null, commits })

    const read = await readAll(fixture.open(), null, { within: ['m'], compareWithHead: true })
    const parts = read.filter(({ message }) => message === 'large\n')
    expect(parts.length).toBeGreaterThan(4)
    expect(new Set(parts.map(({ hash }) => hash)).size).toBe(1)
    expect(parts.map(({ isContinued }) => isContinued)).toEqual([
      ...parts.slice(1).map(() => true),
      undefined,
    ])
    expect(parts.flatMap(({ files }) => files.map(({ path }) => path))).toEqual(paths)
    for (const { files } of parts) {
      const bytes = files.reduce((sum, { content }) => sum + (content?.byteLength ?? 0), 0)
      expect(bytes).toBeLessThan(PART_BYTES)
    }
    expect(parts[0]?.files[0]?.superseded?.content).toEqual(Buffer.from('m/00'))
  })
})

it('a commit that is too large for GitHub to list comes in parts, in the order of its paths', async () => {
  await using fixture = await openGithubFixture({ hasPatches: false })
  const backend = fixture.open()
  const base = [file('f/0', 'a file'), file('f/1/a', 'in a folder')]
  const [parent = ''] = await append(backend, { parent: null, commits: [draft('base', ...base)] })
  const many = Array.from({ length: 3_100 }, (_, index) => file(`other/${index}`, 'same'))
  const replaced = [file('f/0/a', 'a'), file('f/0.a', 'b'), file('f/1', 'c')]
  const wanted = Array.from({ length: 600 }, (_, index) => file(`f/2/${index + 100}`, 'same'))
  await append(backend, { parent, commits: [draft('huge', ...many, ...replaced, ...wanted)] })

  const parts = await readAll(fixture.open(), parent, { within: ['f'] })
  expect(parts.map(({ files, isContinued }) => [files.length, isContinued])).toEqual([
    [500, true],
    [105, undefined],
  ])
  const changes = parts.flatMap(({ files }) =>
    files.map(({ path, content }) => `${content ? '+' : '-'}${path}`),
  )
  expect(changes.slice(0, 6)).toEqual(['-f/0', '+f/0.a', '+f/0/a', '+f/1', '-f/1/a', '+f/2/100'])
})
