import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createObjectReader } from './object-reader.js'

const HASH = 'a'.repeat(40)

/** A reader of a git that prints this. */
function readerOf(output: string) {
  const stdin = new PassThrough()
  const stdout = Readable.from([Buffer.from(output)])
  const process = { stdin, stdout, ended: Promise.resolve({ exitCode: 0, stderr: '' }), kill: () => {} }
  return { stdin, reader: createObjectReader(process) }
}

describe('createObjectReader', () => {
  it('requests objects by name, and returns their exact bytes in order', async () => {
    const { stdin, reader } = readerOf(`${HASH} blob 7\na\nb\n\0\nc\n${HASH} commit 0\n\n`)
    reader.request(['one', 'two'])
    reader.request([])
    stdin.end()
    expect(await text(stdin)).toBe('one\ntwo\n')
    expect((await reader.next(100))?.toString()).toBe('a\nb\n\0\nc')
    expect(await reader.next(100)).toHaveLength(0)
  })

  it('returns null for an object over the limit, and goes on behind it', async () => {
    const { reader } = readerOf(`${HASH} blob 3\nabc\n${HASH} blob 2\nde\n`)
    expect(await reader.next(2)).toBeNull()
    expect((await reader.next(2))?.toString()).toBe('de')
  })

  it.each(['nothing missing\n', `${HASH} tree 3\nabc\n`, `${HASH} ambiguous\n`])(
    'rejects with corrupt for an object that is not a file or a commit: %j',
    async (output) => {
      await expect(readerOf(output).reader.next(100)).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining('cannot read an object: '),
      })
    },
  )

  it.each(['', `${HASH} blob`, `${HASH} blob 3\nab`])(
    'rejects with unavailable if the output ends early: %j',
    async (output) => {
      await expect(readerOf(output).reader.next(100)).rejects.toMatchObject({ code: 'unavailable' })
    },
  )
})
