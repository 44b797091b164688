import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'
import { routesOf } from '../../testing/routes-of.js'
import { ERROR_CODES } from '../errors.js'
import { buildDocument, OPERATIONS } from './build-document.js'
import { refusalsOf } from './common-refusals.js'

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, by the schema of the OpenAPI Initiative', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(buildDocument()))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('is found not to be valid when it is not', async () => {
    const { paths: _, ...document } = buildDocument()
    const { valid } = await new Validator().validate({ ...document, info: {} })
    expect(valid).toBe(false)
  })

  it('describes every call of the app, and no other', async () => {
    await using server = await openTestServer()
    const routes = routesOf(server.app).flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
    )
    expect(Object.keys(OPERATIONS).toSorted()).toEqual(routes.toSorted())
  })

  it('has a call for every error that there is, but for what answers no call', () => {
    const described = Object.values(OPERATIONS).flatMap((operation) =>
      refusalsOf(operation).flatMap(([status, codes]) => codes.map((code) => `${status} ${code}`)),
    )
    const all = Object.entries(ERROR_CODES).flatMap(([status, codes]) =>
      Object.keys(codes).map((code) => `${status} ${code}`),
    )
    expect(new Set([...described, '405 method_not_allowed'])).toEqual(new Set(all))
  })

  it('gives every operation a name of its own', () => {
    const ids = Object.values(OPERATIONS).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
