import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import { expect, it } from 'vitest'
import { countTurns } from '../testing/count-turns.js'
import { type JsonList, sendJsonList, serializeArray, serializeField } from './json-list.js'

function bodyOf(list: JsonList): Buffer | Readable {
  const context = { set: () => {}, fresh: false } as unknown as Context
  sendJsonList(context, list)
  return context.body as Buffer | Readable
}

const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('base64url')}"`

// Covers V1.2.3
it.each([[[]], [[{ a: 1 }]], [[{ a: 'é' }, { b: ['"', null] }]]])(
  'sendJsonList() sends a short list at once: %j',
  async (items) => {
    const list = await serializeArray(items)
    expect(bodyOf(list).toString()).toBe(JSON.stringify(items))
    expect(list.etag).toBe(etagOf(JSON.stringify(items)))

    const field = JSON.stringify({ epoch: '"', position: 2, items })
    expect(bodyOf(await serializeField({ epoch: '"', position: 2 }, 'items', items)).toString()).toBe(field)
  },
)

it.each([4, 5, 20])(
  'sendJsonList() serializes a list of %i texts of 200,000 characters in chunks, each in a turn of its own',
  async (number) => {
    const items = Array.from({ length: number }, (_, id) => ({ id, text: '😀'.repeat(100_000) }))
    using counter = countTurns()
    const chunks: { text: string; turn: number }[] = []
    const list = await serializeArray(items)
    expect(counter.turns).toBeGreaterThan(1)
    for await (const text of bodyOf(list)) chunks.push({ text, turn: counter.turns })
    expect(chunks.map(({ text }) => text).join('')).toBe(JSON.stringify(items))
    expect(list.etag).toBe(etagOf(JSON.stringify(items)))
    expect(chunks).toHaveLength(Math.floor(number / 3) + 1)
    expect(new Set(chunks.map(({ turn }) => turn)).size).toBe(chunks.length)
  },
)
