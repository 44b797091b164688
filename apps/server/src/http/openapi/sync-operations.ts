import { inputJsonSchemas } from '@gitmsg/core'
import { STORAGE } from './common-refusals.js'
import { type Operations, queryParameters } from './operation.js'

/** What `sync-routes.ts` has. */
export const syncOperations: Operations = {
  'GET /sync': {
    id: 'readSyncStatus',
    tag: 'Synchronization',
    summary: 'Say how the synchronization is doing',
    scope: 'read',
    answer: { status: 200, description: 'How things are.', schema: 'SyncStatus' },
    refusals: STORAGE,
  },
  'POST /sync': {
    id: 'synchronize',
    tag: 'Synchronization',
    summary: 'Import and dispatch now',
    description:
      'It answers when that has settled or failed, which may take as long as a push does; a failure is in `last_error`.',
    scope: 'admin',
    answer: { status: 200, description: 'How things are after it.', schema: 'SyncStatus' },
    refusals: STORAGE,
  },
  'GET /sync/quarantined': {
    id: 'listQuarantined',
    tag: 'Synchronization',
    summary: 'List what was set aside, newest first',
    description: 'Messages that the repository did not accept, with the reasons.',
    scope: 'admin',
    parameters: queryParameters(inputJsonSchemas().page),
    answer: { status: 200, description: 'One page.', schema: 'QuarantinedChanges' },
    refusals: { ...STORAGE, 400: ['invalid_cursor'] },
  },
}
