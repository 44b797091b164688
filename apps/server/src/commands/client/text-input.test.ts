import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readText } from './text-input.js'

const read = (...chunks: (string | Uint8Array)[]) =>
  readText(undefined, Readable.from(chunks.map((chunk) => Buffer.from(chunk))))

describe('readText()', () => {
  it('returns the argument as it is, and reads no input', async () => {
    const input = Readable.from([Buffer.from('x')])
    expect(await readText('text\n', input)).toBe('text\n')
    expect(input.readableDidRead).toBe(false)
  })

  it.each([
    ['text', 'text'],
    ['text\n', 'text'],
    ['text\r\n', 'text'],
    ['text\n\n', 'text\n'],
    ['\n', ''],
    ['', ''],
    [' \ttext \u0007 \r', ' \ttext \u0007 \r'],
    ['\ufeffe\u0301 👍🏽', '\ufeffe\u0301 👍🏽'],
  ])('returns the input without one final line break: %j', async (input, text) => {
    expect(await read(input)).toBe(text)
  })

  it('joins characters that were cut into chunks', async () => {
    const bytes = Buffer.from('👍')
    expect(await read(bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3))).toBe('👍')
  })

  it('rejects what is not UTF-8', async () => {
    await expect(read(new Uint8Array([0x61, 0xff]))).rejects.toThrow('standard input is not valid UTF-8')
  })

  it('reads no input beyond the limit', async () => {
    const endless = (function* () {
      for (;;) yield Buffer.from('y\n'.repeat(1000))
    })()
    await expect(readText(undefined, Readable.from(endless))).rejects.toThrow('more than 64 KiB')
    expect(await read('x'.repeat(65_536))).toHaveLength(65_536)
  })
})
