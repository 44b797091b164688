import { describe, expect, it } from 'vitest'
import { createDescribedResponses } from '../../testing/contract/described-responses.js'
import { cutBodyShort, PROVOCATIONS, provokeError } from '../../testing/contract/provoke-error.js'
import { HTTP_ERRORS } from '../error-table.js'
import { isOfAccounts } from '../openapi/accounts/account-operations.js'
import { buildDocument } from '../openapi/build-document.js'
import { OPERATIONS } from '../openapi/endpoints.js'
import { errorsOf } from '../openapi/error-responses.js'

const described = createDescribedResponses(buildDocument())

/** Provoked by tests of their own: slow clients, a locked, damaged or remote database, a read-only disk, bugs. */
const TESTED_ELSEWHERE = [
  '408 request_timeout',
  '500 internal',
  '503 storage_busy',
  '503 storage_corrupt',
  '503 storage_unavailable',
  '503 storage_unwritable',
]

const operations = Object.entries(OPERATIONS).filter(([endpoint]) => !isOfAccounts(endpoint))
/** Those of accounts have tests of their own. */
const errors = operations.flatMap(([endpoint, operation]) =>
  errorsOf(operation)
    .map((code) => `${HTTP_ERRORS[code].status} ${code}`)
    .filter((error) => !TESTED_ELSEWHERE.includes(error))
    .map((error) => ({ endpoint, error, operation })),
)

describe('the errors of the OpenAPI document', () => {
  it.each(errors)('occur as described: $error of $endpoint', async ({ endpoint, error, operation }) => {
    const response = await provokeError(endpoint, operation, error)
    expect(`${response.status} ${response.json?.error.code}`).toBe(error)
    described.expect(endpoint, response)
  })

  it('include that of a body that is cut short', async () => {
    const response = await cutBodyShort()
    expect([response.status, response.json.error.code]).toEqual([400, 'invalid_request'])
    described.expect('POST /messages', response)
  })

  it('are all provoked here, except those tested elsewhere', () => {
    const provoked = Object.keys(PROVOCATIONS).filter((error) => !error.includes(' of '))
    expect(new Set(errors.map(({ error }) => error))).toEqual(new Set(provoked))
  })
})
