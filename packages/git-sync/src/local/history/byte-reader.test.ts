import { Readable } from 'node:stream'
import { assert, asyncProperty, integer, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteReader } from './byte-reader.js'

const inChunks = (bytes: Uint8Array, size: number) =>
  createByteReader(
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        Buffer.from(bytes.subarray(index * size, (index + 1) * size)),
      ),
    ),
  )

describe('createByteReader', () => {
  it('reads the same pieces from chunks of any size', async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 40 }), integer({ min: 1, max: 7 }), async (content, size) => {
        const stream = Buffer.concat([
          Buffer.from(`${content.length}\n`),
          content,
          content,
          Buffer.from('end\0'),
        ])
        const reader = inChunks(stream, size)
        expect(Number((await reader.until(0x0a))?.toString())).toBe(content.length)
        expect(await reader.take(content.length)).toEqual(Buffer.from(content))
        await reader.skip(content.length)
        expect((await reader.until(0))?.toString()).toBe('end')
        expect(await reader.until(0)).toBeNull()
      }),
    )
  })

  // Covers IN-70
  it('rejects if the stream ends within a piece', async () => {
    await expect(inChunks(Buffer.from('half'), 2).until(0x0a)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(inChunks(Buffer.from('half'), 2).take(5)).rejects.toMatchObject({ code: 'unavailable' })
  })
})
