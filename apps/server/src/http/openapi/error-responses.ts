import { STATUS_CODES } from 'node:http'
import { ERROR_CODES, type ErrorStatus } from '../errors.js'
import { headersOf } from './response-headers.js'

/** The error answers with a status and any of these codes. */
export function buildRefusal(status: ErrorStatus, codes: readonly string[]): object {
  const error = { properties: { code: { enum: codes } } }
  return {
    description: STATUS_CODES[status],
    headers: headersOf(status),
    content: {
      'application/json': {
        schema: { allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { error } }] },
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${status}_${code}` }]),
        ),
      },
    },
  }
}

/** What the answers that all calls share are called: `RequestTimeout`. */
export function refusalName(status: ErrorStatus): string {
  return (STATUS_CODES[status] ?? '').replaceAll(' ', '')
}

/** An example of every error, with what it means. */
export function buildErrorExamples(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(ERROR_CODES).flatMap(([status, codes]) =>
      Object.entries(codes).map(([code, summary]) => [
        `${status}_${code}`,
        { summary, value: example(code, summary) },
      ]),
    ),
  )
}

function example(code: string, message: string): object {
  const request_id = '5f2b7c1e-3d2a-4a55-9c0b-0c7f6f0d9a11'
  return { status: 'error', error: { code, message, request_id } }
}
