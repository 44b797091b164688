import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import { expect, it } from 'vitest'
import { countTurns } from '../testing/count-turns.js'
import { sendJsonArray, serializeJsonArray } from './json-array.js'

function bodyOf(items: readonly object[]): Buffer | Readable {
  const context = {} as Context
  sendJsonArray(context, serializeJsonArray(items))
  return context.body as Buffer | Readable
}

// Covers V1.2.3
it.each([[[]], [[{ a: 1 }]], [[{ a: 'é' }, { b: ['"', null] }]]])(
  'sendJsonArray() serializes a short list at once: %j',
  (items) => {
    expect(bodyOf(items).toString()).toBe(JSON.stringify(items))
  },
)

it.each([4, 5, 20])(
  'sendJsonArray() serializes a list of %i texts of 200,000 characters in chunks, each in a turn of its own',
  async (number) => {
    const items = Array.from({ length: number }, (_, id) => ({ id, text: '😀'.repeat(100_000) }))
    using counter = countTurns()
    const chunks: { text: string; turn: number }[] = []
    for await (const text of bodyOf(items)) chunks.push({ text, turn: counter.turns })
    expect(chunks.map(({ text }) => text).join('')).toBe(JSON.stringify(items))
    expect(chunks).toHaveLength(Math.floor(number / 3) + 1)
    expect(new Set(chunks.map(({ turn }) => turn)).size).toBe(chunks.length)
  },
)
