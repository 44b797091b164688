import { expect } from 'vitest'
import { SECURITY_HEADERS } from '../http/middleware/common-headers.js'
import type { RawResponse } from './exchange.js'

/** Expects a single response: an error with this status and code, in the common format, with the security headers. */
export function expectHttpError(response: RawResponse, status: number, code: string): void {
  expect([response.status, response.json?.error.code]).toEqual([status, code])
  expect(response.json).toEqual({ status: 'error', error: expect.objectContaining({ code }) })
  const securityHeaders = Object.entries(SECURITY_HEADERS).map(([name, value]) => [name.toLowerCase(), value])
  expect(response.headers).toMatchObject({
    ...Object.fromEntries(securityHeaders),
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': response.json.error.request_id,
  })
  expect(response.text.match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(1)
}
