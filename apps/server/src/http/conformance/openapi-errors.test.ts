import { describe, expect, it } from 'vitest'
import { createDescribedAnswers } from '../../testing/contract/described-responses.js'
import { cutBodyShort, PROVOCATIONS, provokeError } from '../../testing/contract/provoke-error.js'
import { buildDocument, OPERATIONS } from '../openapi/build-document.js'
import { refusalsOf } from '../openapi/common-refusals.js'

const described = createDescribedAnswers(buildDocument())

/** What takes long, or more than a request: slow clients, a locked database and bugs have tests of their own. */
const ELSEWHERE = ['408 request_timeout', '500 internal', '503 storage_busy']

const errors = Object.entries(OPERATIONS).flatMap(([call, operation]) =>
  refusalsOf(operation)
    .flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`))
    .filter((error) => !ELSEWHERE.includes(error))
    .map((error) => ({ call, error, operation })),
)

describe('every error that the document has', () => {
  it.each(errors)('$call can be answered with $error, as described', async ({ call, error, operation }) => {
    const answer = await provokeError(call, operation, error)
    expect(`${answer.status} ${answer.json?.error.code}`).toBe(error)
    described.expect(call, answer)
  })

  it('is there for a body that is cut short, too', async () => {
    const answer = await cutBodyShort()
    expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request'])
    described.expect('POST /messages', answer)
  })

  it('is provoked, but for those that are elsewhere', () => {
    expect(new Set(errors.map(({ error }) => error))).toEqual(new Set(Object.keys(PROVOCATIONS)))
  })
})
