import { OBJECT_ERRORS, STORAGE_ERRORS, STORING_ERRORS, WRITE_ERRORS } from '../error-responses.js'
import { MESSAGE_KEY, NUMBER, type Operations, queryParameters } from '../operation.js'
import { PAGE_QUERIES, pageJsonSchema } from './page-queries.js'

const MODERATE = ['moderate'] as const
const after = queryParameters(pageJsonSchema(PAGE_QUERIES.oldest))

/** The endpoints for moderators, and for reporting to them. A server without accounts responds with 404. */
export const MODERATION_OPERATIONS: Operations = {
  'GET /moderation': {
    id: 'listHeld',
    tag: 'Moderation',
    summary: 'List posts that wait for a moderator, oldest first',
    scopes: MODERATE,
    parameters: after,
    response: {
      status: 200,
      description: 'A page of held posts.',
      schema: 'HeldPostList',
      headers: ['Link'],
    },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },
  'POST /moderation/:id/approve': {
    id: 'approve',
    tag: 'Moderation',
    summary: 'Publish a held post',
    description: 'It becomes a message like any other, with the time at which it was posted.',
    scopes: MODERATE,
    parameters: [NUMBER],
    response: { status: 200, description: 'The message.', schema: 'PostedMessage' },
    errors: [...STORING_ERRORS, ...WRITE_ERRORS, 'not_found', 'format_too_old', 'invalid_reply_to'],
  },
  'POST /moderation/:id/reject': {
    id: 'reject',
    tag: 'Moderation',
    summary: 'Discard a held post',
    description: 'Nothing of it was ever published.',
    scopes: MODERATE,
    parameters: [NUMBER],
    response: { status: 204, description: 'The post is gone.' },
    errors: [...STORING_ERRORS, 'not_found'],
  },
  'POST /messages/:key/report': {
    id: 'report',
    tag: 'Moderation',
    summary: 'Report a message to the moderators',
    description: 'Reporting a message again returns the first report.',
    scopes: ['read'],
    parameters: [MESSAGE_KEY],
    body: 'NewReport',
    response: { status: 201, description: 'The report.', schema: 'Report' },
    errors: [
      ...STORING_ERRORS,
      ...OBJECT_ERRORS,
      'empty',
      'invalid_characters',
      'too_long',
      'account_required',
      'not_found',
      'deleted',
      'limit_reached',
    ],
  },
  'GET /reports': {
    id: 'listReports',
    tag: 'Moderation',
    summary: 'List reports, oldest first',
    scopes: MODERATE,
    parameters: after,
    response: { status: 200, description: 'A page of reports.', schema: 'ReportList', headers: ['Link'] },
    errors: [...STORAGE_ERRORS, 'invalid_cursor'],
  },
  'POST /reports/:id/close': {
    id: 'closeReport',
    tag: 'Moderation',
    summary: 'Close a report',
    scopes: MODERATE,
    parameters: [NUMBER],
    response: { status: 204, description: 'The report is closed.' },
    errors: [...STORING_ERRORS, 'not_found'],
  },
}
