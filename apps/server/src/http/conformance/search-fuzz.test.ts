import { Agent } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

/** The number of queries; 100,000 before a release. */
const RUNS = Number(process.env.GITMSG_FUZZ_RUNS ?? 1_000)
const TIMEOUT_MS = 30_000 + RUNS * 20

let server: Awaited<ReturnType<typeof openTestServer>>
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
beforeAll(async () => {
  server = await openTestServer()
  const texts = [
    'the quick brown fox',
    'Ünïcödé "quoted" text-with-dashes',
    '明天在北京开会',
    '👍 1️⃣ a*b AND c',
    '%_\\',
  ]
  for (const content of texts) await server.engine.post({ content, sender: 'alice' })
})
afterAll(async () => {
  agent.destroy()
  await server[Symbol.asyncDispose]()
})

const word = fc.constantFrom(
  ...['the', 'quick', 'fox', 'ünïcödé', 'quoted', '北京', '会', '1', 'a', 'b', 'text-with', 'qu', '👍'],
  ...[
    'AND',
    'OR',
    'NOT',
    'NEAR',
    'NEAR(a b, 5)',
    'content:',
    'search',
    'rowid',
    '{a b}',
    '^a',
    '+',
    'a*',
    '**',
    '-',
    '--',
  ],
  ...[
    '"',
    '""',
    '"a',
    "'",
    '(',
    ')',
    '()',
    '\\',
    '%',
    '_',
    ';',
    '*"',
    '"*',
    "'; DROP TABLE search; --",
    '10the',
    '\0',
    '\ufffe',
  ],
)
const query = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { maxLength: 20 }).map((words) => words.join(' ')) },
  { weight: 2, arbitrary: fc.array(word, { maxLength: 20 }).map((words) => words.join('')) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 256 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(word, fc.constantFrom(10, 250, 2_000, 10_000))
      .map(([part, length]) => part.repeat(length).slice(0, length)),
  },
)
/** As it is in a URL: sometimes with the bytes of a lone surrogate, or cut. */
const encoded = fc
  .tuple(query, fc.constantFrom(...Array(9).fill(''), '%ED%A0%80', '%C3', '%', '+'))
  .map(([text, end]) => encodeURIComponent(text.toWellFormed()) + end)
const others = fc.constantFrom(
  '',
  '',
  '',
  '&sort=relevance',
  '&limit=1',
  '&sender=alice',
  '&before=3',
  '&sender=%00',
  '&topic=x',
)

// Covers IN-83
it('GET /search responds correctly to every query', { timeout: TIMEOUT_MS }, async () => {
  const statuses = new Map<number, number>()
  let found = 0
  await fc.assert(
    fc.asyncProperty(encoded, others, async (q, rest) => {
      const { status, json, text } = await server.request(`/search?q=${q}${rest}`, { agent })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 200) found += json.length
      else expect([400, 422, 431]).toContain(status)
      if (status === 400) expect(json.error.code).toBe('invalid_query')
      if (status === 422) expect([json.error.code, json.error.field]).toEqual(['too_long', 'q'])
      if (status !== 200) expect(text.length).toBeLessThan(400)
    }),
    { numRuns: RUNS },
  )
  expect([...statuses.keys()].toSorted()).toEqual([200, 400, 422, 431])
  expect(statuses.get(200)).toBeGreaterThan(RUNS / 2)
  expect(found).toBeGreaterThan(0)
})
