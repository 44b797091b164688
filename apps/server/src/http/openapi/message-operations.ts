import { inputJsonSchemas } from '@gitmsg/core'
import { STORAGE } from './common-refusals.js'
import { type Operations, queryParameters } from './operation.js'

const { query, idempotencyKey } = inputJsonSchemas()

/** What `message-routes.ts` has. */
export const messageOperations: Operations = {
  'POST /messages': {
    id: 'postMessage',
    tag: 'Messages',
    summary: 'Post a message',
    description:
      'It is durable when this is answered, and on its way to the repository. A token that was made for one sender posts as that sender only.',
    scope: 'write',
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        description:
          'The same key with the same body gives the first answer again and makes no second message. Kept for at least 24 hours.',
        schema: { ...idempotencyKey, examples: ['0193a5c2-7b1e-7000-8000-000000000000'] },
      },
    ],
    body: 'NewMessage',
    answer: { status: 201, description: 'Stored.', schema: 'PostedMessage', headers: ['Location'] },
    refusals: {
      400: ['duplicate_key', 'invalid_json', 'invalid_utf8'],
      403: ['sender_not_allowed'],
      413: ['body_too_large'],
      415: ['unsupported_charset', 'unsupported_encoding', 'unsupported_media_type'],
      422: [
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
      503: ['backlog_full', 'shutting_down', 'storage_busy'],
      507: ['storage_full'],
    },
  },
  'GET /messages': {
    id: 'listMessages',
    tag: 'Messages',
    summary: 'List messages, newest first',
    description: 'Every condition given must hold. `Link` leads on; a page costs the same at any depth.',
    scope: 'read',
    parameters: queryParameters(query),
    answer: { status: 200, description: 'One page.', schema: 'MessageList', headers: ['Link'] },
    refusals: { ...STORAGE, 400: ['invalid_cursor'] },
  },
  'GET /messages/:key': {
    id: 'findMessage',
    tag: 'Messages',
    summary: 'Find one message',
    scope: 'read',
    parameters: [
      {
        name: 'key',
        in: 'path',
        description: 'The id or the uid of the message. Where there is none of that kind: 404.',
        required: true,
        schema: { type: 'string', examples: ['1', '0193a5c2-7b1e-7000-8000-000000000000'] },
      },
    ],
    answer: {
      status: 200,
      description: 'The message, and where it is on its way into the repository.',
      schema: 'MessageDetails',
    },
    refusals: { ...STORAGE, 404: ['not_found'] },
  },
}
