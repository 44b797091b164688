import { inputJsonSchemas } from '@gitmsg/core'
import { STORAGE_ERRORS, WRITE_ERRORS } from './error-responses.js'
import { type Operations, queryParameters } from './operation.js'

const { query, idempotencyKey } = inputJsonSchemas()

/** Every endpoint of the service, in the order of the document. A test compares them with the router. */
export const OPERATIONS: Operations = {
  'POST /messages': {
    id: 'postMessage',
    tag: 'Messages',
    summary: 'Post a message',
    description:
      'The message is durable as soon as you receive the response, and is committed to the repository soon after. A token that is bound to a sender can post as that sender only.',
    scope: 'write',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description:
          'Makes retries safe: another request with the same key and body returns the first response again and posts nothing. Keys are remembered for at least 24 hours.',
        schema: { ...idempotencyKey, examples: ['0193a5c2-7b1e-7000-8000-000000000000'] },
      },
    ],
    body: 'NewMessage',
    response: {
      status: 201,
      description: 'The message was stored.',
      schema: 'PostedMessage',
      headers: ['Location'],
    },
    errors: [
      ...STORAGE_ERRORS,
      ...WRITE_ERRORS,
      'duplicate_key',
      'invalid_json',
      'invalid_utf8',
      'sender_not_allowed',
      'body_too_large',
      'unsupported_charset',
      'unsupported_encoding',
      'unsupported_media_type',
      'empty',
      'idempotency_key_reused',
      'invalid_body',
      'invalid_characters',
      'invalid_timestamp',
      'invalid_type',
      'missing_field',
      'too_long',
      'unknown_field',
    ],
  },
  'GET /messages': {
    id: 'listMessages',
    tag: 'Messages',
    summary: 'List messages, newest first',
    description:
      'Returns the messages that match all given parameters. Follow the `Link` header to the next page; a page costs the same at any depth.',
    scope: 'read',
    parameters: queryParameters(query),
    response: { status: 200, description: 'A page of messages.', schema: 'MessageList', headers: ['Link'] },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },
  'GET /messages/:key': {
    id: 'findMessage',
    tag: 'Messages',
    summary: 'Get a message',
    scope: 'read',
    parameters: [
      {
        name: 'key',
        in: 'path',
        description: 'The id or the uid of the message. Anything else is not found.',
        required: true,
        schema: { type: 'string', examples: ['1', '0193a5c2-7b1e-7000-8000-000000000000'] },
      },
    ],
    response: {
      status: 200,
      description: 'The message with its file and its synchronization state.',
      schema: 'MessageDetails',
    },
    errors: [...STORAGE_ERRORS, 'not_found'],
  },

  'GET /sync': {
    id: 'readSyncStatus',
    tag: 'Synchronization',
    summary: 'Get the synchronization status',
    scope: 'read',
    response: { status: 200, description: 'The current status.', schema: 'SyncStatus' },
    errors: STORAGE_ERRORS,
  },
  'POST /sync': {
    id: 'synchronize',
    tag: 'Synchronization',
    summary: 'Synchronize now',
    description:
      'Imports from the repository and publishes pending messages now. Responds once that has succeeded or failed, which can take as long as a push; `last_error` tells which.',
    scope: 'admin',
    response: { status: 200, description: 'The status after the synchronization.', schema: 'SyncStatus' },
    errors: STORAGE_ERRORS,
  },
  'GET /sync/quarantined': {
    id: 'listQuarantined',
    tag: 'Synchronization',
    summary: 'List quarantined messages, newest first',
    description: 'Returns the messages that the repository rejected, with its reasons.',
    scope: 'admin',
    parameters: queryParameters(inputJsonSchemas().page),
    response: { status: 200, description: 'A page of quarantined messages.', schema: 'QuarantinedChanges' },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },

  'GET /healthz': {
    id: 'readHealth',
    tag: 'Health',
    summary: 'Check that the process is alive',
    description: 'HTTP/1.0 needs no `Host` header here.',
    scope: null,
    response: { status: 200, description: 'The process is alive.', schema: 'Health' },
  },
  'GET /readyz': {
    id: 'readReadiness',
    tag: 'Health',
    summary: 'Check that messages can be stored',
    description:
      'Writes to the database, at most once a second. An unreachable remote makes the server degraded, not unready. HTTP/1.0 needs no `Host` header here.',
    scope: 'read',
    response: { status: 200, description: 'Messages can be stored.', schema: 'Readiness' },
    errors: [...STORAGE_ERRORS, ...WRITE_ERRORS],
  },
  'GET /metrics': {
    id: 'readMetrics',
    tag: 'Health',
    summary: 'Get metrics for Prometheus',
    scope: 'admin',
    response: {
      status: 200,
      description: 'The metrics in the text format of Prometheus.',
      type: 'text/plain',
      schema: 'Metrics',
    },
    errors: STORAGE_ERRORS,
  },

  'GET /openapi.json': {
    id: 'readOpenapiDocument',
    tag: 'Description',
    summary: 'Get this API description',
    description: 'An OpenAPI 3.1 document. It is public, and the same on every server of this version.',
    scope: null,
    response: { status: 200, description: 'The OpenAPI document.', schema: 'OpenapiDocument' },
  },
}
