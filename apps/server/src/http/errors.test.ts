import { ValidationError } from '@gitmsg/core'
import { StoreError } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { HTTP_ERRORS } from './error-table.js'
import { problem, toHttpError } from './errors.js'

describe('toHttpError()', () => {
  // Covers V16.5.1
  it.each([
    [new ValidationError('empty', 'blank', 'content'), 422, 'empty'],
    [new ValidationError('invalid-query', 'bad'), 400, 'invalid_query'],
    [new ValidationError('invalid-cursor', 'bad'), 400, 'invalid_cursor'],
    [new ValidationError('invalid-idempotency-key', 'bad'), 400, 'invalid_header'],
    [new ValidationError('idempotency-key-reused', 'bad'), 422, 'idempotency_key_reused'],
    [new ValidationError('invalid-value', 'bad', 'format'), 422, 'invalid_value'],
    [new ValidationError('invalid-reply-to', 'bad', 'reply_to'), 422, 'invalid_reply_to'],
    [new ValidationError('format-too-old', 'bad'), 409, 'format_too_old'],
    [new StoreError('deleted', 'gone'), 410, 'deleted'],
    [new StoreError('not-editable', 'reaction'), 422, 'not_editable'],
    [new StoreError('version-conflict', 'other'), 412, 'version_conflict'],
    [new StoreError('epoch-changed', 'other'), 409, 'epoch_changed'],
    [new StoreError('position-ahead', 'ahead'), 409, 'position_ahead'],
    [new StoreError('aborted', 'gone'), 400, 'invalid_request'],
    [new StoreError('full', 'disk'), 507, 'storage_full'],
    [new StoreError('busy', 'lock'), 503, 'storage_busy'],
    [new StoreError('unavailable', 'away'), 503, 'storage_unavailable'],
    [new StoreError('closed', 'gone'), 503, 'shutting_down'],
    [new StoreError('corrupt', 'SECRET'), 503, 'storage_corrupt'],
    [new StoreError('unwritable', 'SECRET'), 503, 'storage_unwritable'],
    [new StoreError('indexing', 'SECRET', { progress: 0.999 }), 503, 'indexing'],
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

it('toHttpError() tells how far the search index is', () => {
  const { message, headers } = toHttpError(new StoreError('indexing', 'no', { progress: 0.456 }))
  expect(message).toBe('The search index is being built: 45 % are done. Try again later.')
  expect(headers).toEqual({ 'Retry-After': '5' })
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
