import { openTemporaryAccounts } from '@gitmsg/accounts/testing'
import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { routesOf } from '../../testing/routes-of.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { HTTP_ERRORS } from '../error-table.js'
import { buildDocument } from './build-document.js'
import { OPERATIONS } from './endpoints.js'
import { errorsOf } from './error-responses.js'

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, by the schema of the OpenAPI Initiative', async () => {
    const validator = new Validator()
    expect(await validator.validate(structuredClone(buildDocument()))).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('fails the validation without its paths', async () => {
    const { paths: _, ...document } = buildDocument()
    const { valid } = await new Validator().validate({ ...document, info: {} })
    expect(valid).toBe(false)
  })

  it('describes exactly the endpoints of the app', async () => {
    const accountsConfig = {
      oidc: { issuer: 'https://id.example.org', clientId: 'a', clientSecret: undefined },
    }
    await using server = await openTestServer({ accounts: await openTemporaryAccounts(), accountsConfig })
    const routes = routesOf(server.app).flatMap(({ methods, path }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${path}`),
    )
    expect(Object.keys(OPERATIONS).toSorted()).toEqual(routes.toSorted())
  })

  it('has an endpoint for every error, except method_not_allowed', () => {
    const described = Object.values(OPERATIONS).flatMap(errorsOf)
    expect(new Set([...described, 'method_not_allowed'])).toEqual(new Set(Object.keys(HTTP_ERRORS)))
  })

  it('names a server relative to its own URL, so that it works below the path of a proxy', () => {
    const [server] = buildDocument().servers as [{ url: string }]
    expect(new URL(server.url, 'https://example.org/chat/openapi.json').href).toBe(
      'https://example.org/chat/',
    )
  })

  it('gives every operation a unique id', () => {
    const ids = Object.values(OPERATIONS).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
