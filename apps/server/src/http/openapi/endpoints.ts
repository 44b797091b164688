import { inputJsonSchemas } from '@gitmsg/core'
import { OPERATIONS_OF_ACCOUNTS } from './accounts/account-operations.js'
import { STORAGE_ERRORS, WRITE_ERRORS } from './error-responses.js'
import { MESSAGE_OPERATIONS } from './message-endpoints.js'
import { IF_NONE_MATCH, type Operations, queryParameters } from './operation.js'

/** Every endpoint of the service, in the order of the document. A test compares them with the router. */
export const OPERATIONS: Operations = {
  ...MESSAGE_OPERATIONS,
  ...OPERATIONS_OF_ACCOUNTS,

  'GET /sync': {
    id: 'readSyncStatus',
    tag: 'Synchronization',
    summary: 'Get the synchronization status',
    scopes: ['read'],
    response: { status: 200, description: 'The current status.', schema: 'SyncStatus' },
    errors: STORAGE_ERRORS,
  },
  'POST /sync': {
    id: 'synchronize',
    tag: 'Synchronization',
    summary: 'Synchronize now',
    description:
      'Imports from the repository and publishes pending messages now. Responds once that has succeeded or failed, which can take as long as a push; `last_error` tells which.',
    scopes: ['admin'],
    response: { status: 200, description: 'The status after the synchronization.', schema: 'SyncStatus' },
    errors: STORAGE_ERRORS,
  },
  'GET /sync/quarantined': {
    id: 'listQuarantined',
    tag: 'Synchronization',
    summary: 'List quarantined messages, newest first',
    description: 'Returns the messages that the repository rejected, with its reasons.',
    scopes: ['admin'],
    parameters: [...queryParameters(inputJsonSchemas().page), IF_NONE_MATCH],
    response: {
      status: 200,
      description: 'A page of quarantined messages.',
      schema: 'QuarantinedChanges',
      headers: ['ETag'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },

  'GET /healthz': {
    id: 'readHealth',
    tag: 'Health',
    summary: 'Check that the process is alive',
    description: 'HTTP/1.0 needs no `Host` header here.',
    scopes: [],
    response: { status: 200, description: 'The process is alive.', schema: 'Health' },
  },
  'GET /readyz': {
    id: 'readReadiness',
    tag: 'Health',
    summary: 'Check that messages can be stored',
    description:
      'Writes to the database, at most once a second. An unreachable remote makes the server degraded, not unready. HTTP/1.0 needs no `Host` header here.',
    scopes: ['read'],
    response: { status: 200, description: 'Messages can be stored.', schema: 'Readiness' },
    errors: [...STORAGE_ERRORS, ...WRITE_ERRORS],
  },
  'GET /metrics': {
    id: 'readMetrics',
    tag: 'Health',
    summary: 'Get metrics for Prometheus',
    scopes: ['admin'],
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
    scopes: [],
    response: { status: 200, description: 'The OpenAPI document.', schema: 'OpenapiDocument' },
  },
  'GET /asyncapi.json': {
    id: 'readAsyncapiDocument',
    tag: 'Description',
    summary: 'Get the description of the live channel',
    description: 'An AsyncAPI 3 document. It is public, and the same on every server of this version.',
    scopes: [],
    response: { status: 200, description: 'The AsyncAPI document.', schema: 'AsyncapiDocument' },
  },
}
