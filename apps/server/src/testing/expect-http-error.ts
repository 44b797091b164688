import { expect } from 'vitest'
import { SECURITY_HEADERS } from '../http/middleware/security-headers.js'
import type { RawAnswer } from './exchange.js'

/** One answer, with this status and code, in the one form of all errors and with its guards on. */
export function expectRefusal(answer: RawAnswer, status: number, code: string): void {
  expect([answer.status, answer.json?.error.code]).toEqual([status, code])
  expect(answer.json).toEqual({ status: 'error', error: expect.objectContaining({ code }) })
  const guards = Object.entries(SECURITY_HEADERS).map(([name, value]) => [name.toLowerCase(), value])
  expect(answer.headers).toMatchObject({
    ...Object.fromEntries(guards),
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-request-id': answer.json.error.request_id,
  })
  expect(answer.text.match(/HTTP\/1\.1 \d{3} /g)).toHaveLength(1)
}
