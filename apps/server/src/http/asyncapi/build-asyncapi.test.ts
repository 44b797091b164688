import specs from '@asyncapi/specs'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { frameProblems } from '../../testing/live/described-frames.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { buildAsyncapi } from './build-asyncapi.js'
import { SERVER_FRAMES } from './frame-schemas.js'

const EXAMPLES = Object.entries(buildAsyncapi().components.schemas).flatMap(([name, schema]) =>
  ((schema as { examples?: unknown[] }).examples ?? []).map((example) => [name, example] as const),
)

function problemsOf(document: object): unknown[] {
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false, validateFormats: true })
  addFormats.default(ajv)
  const validate = ajv.compile(specs.schemasWithoutId['3.0.0'] as object)
  validate(document)
  return validate.errors ?? []
}

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3, by the schema of the AsyncAPI initiative', () => {
    expect(problemsOf(structuredClone(buildAsyncapi()))).toEqual([])
    expect(problemsOf({ ...buildAsyncapi(), channels: { live: { address: 1 } } })).not.toEqual([])
  })

  it('needs no token', async () => {
    await using server = await openTestServer()
    const { status, json } = await server.request('/asyncapi.json')
    expect([status, json]).toEqual([200, buildAsyncapi()])
  })

  it('refers only to what it has', () => {
    const document = buildAsyncapi()
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, path]) => path)
    expect(references.length).toBeGreaterThan(20)
    for (const path of references) {
      const steps = String(path).slice(1).split('/')
      const found = steps.reduce<unknown>(
        (place, step) => (place as Record<string, unknown>)?.[step],
        document,
      )
      expect(found, path).toBeDefined()
    }
  })

  it('describes a frame of each type, and rejects what deviates', () => {
    expect(Object.keys(buildAsyncapi().components.schemas)).toEqual(
      expect.arrayContaining(['hello', ...Object.keys(SERVER_FRAMES)]),
    )
    expect(frameProblems({ type: 'beat', position: 1 } as object)).toEqual([])
    for (const frame of [
      { type: 'beat' },
      { type: 'beat', position: -1 },
      { type: 'beat', position: 1, more: 1 },
    ]) {
      expect(frameProblems(frame)).not.toEqual([])
    }
    expect(frameProblems({ type: 'unknown' })).not.toEqual([])
  })

  it.each(EXAMPLES.filter(([name]) => /^[a-z]/.test(name)))('has valid examples: %s', (_, example) => {
    expect(frameProblems(example as object)).toEqual([])
  })
})
