import { ValidationError } from '@gitmsg/core'
import { StoreError } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { HTTP_ERRORS, problem, toHttpError } from './errors.js'

describe('toHttpError()', () => {
  // Covers V16.5.1
  it.each([
    [new ValidationError('empty', 'blank', 'content'), 422, 'empty'],
    [new ValidationError('invalid-query', 'bad'), 400, 'invalid_query'],
    [new ValidationError('invalid-cursor', 'bad'), 400, 'invalid_cursor'],
    [new ValidationError('invalid-idempotency-key', 'bad'), 400, 'invalid_header'],
    [new ValidationError('idempotency-key-reused', 'bad'), 422, 'idempotency_key_reused'],
    [new StoreError('full', 'disk'), 507, 'storage_full'],
    [new StoreError('busy', 'lock'), 503, 'storage_busy'],
    [new StoreError('closed', 'gone'), 503, 'shutting_down'],
    [new StoreError('corrupt', 'SECRET'), 503, 'storage_corrupt'],
    [new StoreError('unwritable', 'SECRET'), 503, 'storage_unwritable'],
    [new StoreError('failed', 'SECRET'), 500, 'internal'],
    [Object.assign(new Error('SECRET'), { type: 'entity.too.large' }), 413, 'body_too_large'],
    [Object.assign(new Error('SECRET'), { type: 'request.aborted' }), 400, 'invalid_request'],
    [problem('host_not_allowed'), 421, 'host_not_allowed'],
    [new TypeError('SECRET'), 500, 'internal'],
    ['SECRET', 500, 'internal'],
  ])('turns %s into %i %s', (thrown, status, code) => {
    const error = toHttpError(thrown)
    expect(error).toMatchObject({ status, code })
    expect(`${JSON.stringify(error)} ${error.message} ${error.toBody('id')}`).not.toContain('SECRET')
  })

  it('keeps the message and the field of a validation error', () => {
    const error = toHttpError(new ValidationError('empty', 'The content is blank.', 'content'))
    expect(error).toMatchObject({ message: 'The content is blank.', field: 'content' })
  })
})

describe('problem()', () => {
  it('takes status, sentence and Retry-After from the table', () => {
    expect(problem('storage_full')).toMatchObject({
      status: 507,
      message: HTTP_ERRORS.storage_full.message,
      headers: { 'Retry-After': '60' },
    })
  })

  it('prefers a more specific sentence, and adds field and headers', () => {
    const details = { message: 'Not this one.', field: 'sender', headers: { Allow: 'GET' } }
    expect(problem('method_not_allowed', details)).toMatchObject({ status: 405, ...details })
  })
})

it('every error message is a sentence that ends in a period', () => {
  for (const { message } of Object.values(HTTP_ERRORS)) expect(message).toMatch(/^[A-Z].*\.$/)
})
