import { ValidationError } from '@gitmsg/core'
import { StoreError } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { answerFor } from './error-table.js'
import { HttpProblem } from './http-problem.js'

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
  [new StoreError('corrupt', 'SECRET'), 500, 'internal'],
  [Object.assign(new Error('SECRET'), { type: 'entity.too.large' }), 413, 'body_too_large'],
  [new HttpProblem(421, 'host_not_allowed', 'no'), 421, 'host_not_allowed'],
  [new TypeError('SECRET'), 500, 'internal'],
  ['SECRET', 500, 'internal'],
])('%s is answered with %i %s', (error, status, code) => {
  const answer = answerFor(error)
  expect(answer).toMatchObject({ status, code })
  expect(JSON.stringify(answer)).not.toContain('SECRET')
})
