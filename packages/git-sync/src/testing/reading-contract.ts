import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { type OpenBackendFixture, withFixture } from './backend-fixture.js'
import { draft, file, readAll, subjectsSince } from './drafts.js'

const UNKNOWN = 'feedfacefeedfacefeedfacefeedfacefeedface'
const MEBIBYTE_BYTES = 1024 * 1024

/** Reading back what was appended. */
export function describeReading(open: OpenBackendFixture): void {
  describe('changesSince', () => {
    it(
      'changesSince() yields the exact bytes of every file, and the whole message',
      withFixture(open, async ({ backend }) => {
        const contents = new Map<string, Uint8Array>([
          ['binary.bin', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
          ['a "quoted" name', Buffer.from('\n\n\0\r\nno line end')],
          ['empty', new Uint8Array()],
          ['größe/日本語/🙂.txt', Buffer.from('naïve 🙂\n')],
          ['large', randomBytes(MEBIBYTE_BYTES)],
          [' leading and trailing ', Buffer.from(' ')],
        ])
        const message = 'Grüße 🙂\n\nA body, with # a hash sign\n\nKey: välue'
        const files = [...contents].map(([path, content]) => file(path, content))
        await append(backend, { parent: null, commits: [draft(message, ...files)] })

        const [commit] = await readAll(backend)
        expect(commit?.message).toBe(`${message}\n`)
        const read = new Map(commit?.files.map(({ path, content }) => [path, content]))
        expect([...read.keys()].sort()).toEqual([...contents.keys()].sort())
        for (const [path, content] of contents) {
          expect(Buffer.compare(read.get(path) ?? Buffer.from('missing'), content), path).toBe(0)
        }
      }),
    )

    it(
      'changesSince() yields the author, the committer and their dates, to the second',
      withFixture(open, async ({ backend }) => {
        const author = { name: 'Ada "Lady" Lovelace-Müller', email: 'ada@example.invalid' }
        const authorDate = new Date('2021-03-04T05:06:07.890Z')
        await append(backend, { parent: null, commits: [{ ...draft('one'), author, authorDate }] })
        const [commit] = await readAll(backend)
        const { committer, committerDate } = draft('one')
        expect(commit).toMatchObject({
          author,
          authorDate: new Date('2021-03-04T05:06:07.000Z'),
          committer,
          committerDate,
        })
      }),
    )

    it(
      'changesSince() yields what each commit really added, changed and removed',
      withFixture(open, async ({ backend }) => {
        await append(backend, {
          parent: null,
          commits: [
            draft('add', file('kept', 'a'), file('gone', 'b')),
            draft('change', file('kept', 'c')),
            draft('remove', file('gone', null)),
            draft('remove again', file('gone', null)),
          ],
        })
        const text = (content: Uint8Array | null) => content && Buffer.from(content).toString()
        const seen = (await readAll(backend)).map(({ files }) =>
          files.map(({ path, content }) => [path, text(content)]).sort(),
        )
        expect(seen).toEqual([
          [
            ['gone', 'b'],
            ['kept', 'a'],
          ],
          [['kept', 'c']],
          [['gone', null]],
          [],
        ])
      }),
    )

    it(
      'changesSince() yields a folder replaced by a file, and a file replaced by a folder, as Git does',
      withFixture(open, async ({ backend }) => {
        const drafts = [draft('folder', file('a/b')), draft('file', file('a')), draft('again', file('a/b'))]
        await append(backend, { parent: null, commits: drafts })
        const changes = (await readAll(backend)).map(({ files }) =>
          files.map(({ path, content }) => `${content ? '+' : '-'}${path}`),
        )
        expect(changes).toEqual([['+a/b'], ['+a', '-a/b'], ['-a', '+a/b']])
      }),
    )

    it(
      'changesSince() yields the files of a commit in the order of the bytes of their paths',
      withFixture(open, async ({ backend }) => {
        const ordered = ['B', 'a', 'b.a', 'b/a', 'b0', '\uff5e', '\u{1f642}']
        const shuffled = [...ordered].reverse().map((path) => file(path))
        await append(backend, { parent: null, commits: [draft('order', ...shuffled)] })
        const [commit] = await readAll(backend)
        expect(commit?.files.map(({ path }) => path)).toEqual(ordered)
      }),
    )

    it(
      'changesSince() starts after the cursor, and yields nothing if the cursor is the head',
      withFixture(open, async ({ backend }) => {
        const [one = '', two = '', three = ''] = await append(backend, {
          parent: null,
          commits: [draft('one'), draft('two'), draft('three')],
        })
        expect(await subjectsSince(backend, null)).toEqual(['one', 'two', 'three'])
        expect(await subjectsSince(backend, one)).toEqual(['two', 'three'])
        expect(await subjectsSince(backend, two)).toEqual(['three'])
        expect(await subjectsSince(backend, three)).toEqual([])
      }),
    )

    it(
      'changesSince() rejects a cursor that the branch does not contain with unknown-cursor',
      withFixture(open, async ({ backend }) => {
        await expect(readAll(backend, UNKNOWN)).rejects.toMatchObject({ code: 'unknown-cursor' })
        await append(backend, { parent: null, commits: [draft('one')] })
        for (const cursor of [UNKNOWN, '--all', '']) {
          await expect(readAll(backend, cursor)).rejects.toMatchObject({ code: 'unknown-cursor' })
        }
      }),
    )

    it(
      'changesSince() yields every commit, but only its files at or below the given paths',
      withFixture(open, async ({ backend }) => {
        await append(backend, {
          parent: null,
          commits: [
            draft('both', file('notes/1'), file('other/1')),
            draft('neither', file('notes-not/1')),
            draft('exact', file('single')),
          ],
        })
        const within = ['notes', 'single', '*']
        const seen = (await readAll(backend, null, { within })).map(({ message, files }) => [
          message.trim(),
          files.map(({ path }) => path),
        ])
        expect(seen).toEqual([
          ['both', ['notes/1']],
          ['neither', []],
          ['exact', ['single']],
        ])
      }),
    )

    it(
      'changesSince() omits the content of files over maxFileBytes, 1 MiB by default',
      withFixture(open, async ({ backend }) => {
        const commits = [draft('sizes', file('large', 'x'.repeat(101)), file('fits', 'y'.repeat(100)))]
        await append(backend, { parent: null, commits: [...commits, draft('after', file('z'))] })
        const [sizes, after] = await readAll(backend, null, { maxFileBytes: 100 })
        const byPath = new Map(sizes?.files.map((entry) => [entry.path, entry]))
        expect(byPath.get('large')).toEqual({ path: 'large', content: null, omitted: 'too-large' })
        expect(byPath.get('fits')?.content).toHaveLength(100)
        expect(after?.files).toHaveLength(1)

        await append(backend, {
          parent: (await backend.head()) as string,
          commits: [draft('default limit', file('huge', Buffer.alloc(MEBIBYTE_BYTES + 1)))],
        })
        const [commit] = await readAll(backend, after?.hash)
        expect(commit?.files).toEqual([{ path: 'huge', content: null, omitted: 'too-large' }])
      }),
    )

    it(
      'changesSince() compares each file with the head if asked to',
      withFixture(open, async ({ backend }) => {
        const commits = [
          draft('add', file('same', 'a'), file('changed', 'b'), file('gone', 'c'), file('back', 'd')),
          draft('edit', file('changed', 'x'.repeat(101)), file('gone', null), file('back', null)),
          draft('again', file('changed', 'e'), file('back', 'd')),
        ]
        await append(backend, { parent: null, commits })
        const text = (of: { content: Uint8Array | null } | undefined) =>
          of && (of.content === null ? null : Buffer.from(of.content).toString())
        const read = await readAll(backend, null, { compareWithHead: true, maxFileBytes: 100 })
        const seen = read.map(({ files }) =>
          files.map(({ path, superseded, ...file }) => [path, text(file), text(superseded)]),
        )
        expect(seen).toEqual([
          [
            ['back', 'd', undefined],
            ['changed', 'b', 'e'],
            ['gone', 'c', null],
            ['same', 'a', undefined],
          ],
          [
            ['back', null, 'd'],
            ['changed', null, 'e'],
            ['gone', null, undefined],
          ],
          [
            ['back', 'd', undefined],
            ['changed', 'e', undefined],
          ],
        ])
      }),
    )

    it(
      'changesSince() may be left at any time',
      withFixture(open, async ({ backend }) => {
        const commits = Array.from({ length: 50 }, (_, index) => draft(`number ${index}`))
        const hashes = await append(backend, { parent: null, commits })
        for await (const commit of backend.changesSince(null)) {
          expect(commit.hash).toBe(hashes[0])
          break
        }
        expect(await backend.head()).toBe(hashes.at(-1))
      }),
    )
  })
}
