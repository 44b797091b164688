import { inputJsonSchemas } from '@gitmsg/core'
import { STORAGE_ERRORS } from './error-responses.js'
import { type Operations, queryParameters } from './operation.js'

/** The endpoints of `routes/sync-routes.ts`. */
export const syncOperations: Operations = {
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
}
