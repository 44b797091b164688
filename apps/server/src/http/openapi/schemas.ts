import { z } from 'zod'

const time = z.string().meta({ format: 'date-time', examples: ['2025-01-09T00:06:41.000Z'] })
const commit = z.string().regex(/^[0-9a-f]{40}$/)
const count = z.int().min(0)

const message = z.strictObject({
  id: z.int().min(1).meta({ description: 'The number of the message in this database.' }),
  uid: z.string().meta({ format: 'uuid', description: 'The global id of the message, a UUIDv7.' }),
  content: z.string(),
  sender: z.string(),
  timestamp: time.meta({ description: 'When the message was written.' }),
  git_hash: commit
    .nullable()
    .meta({ description: 'The commit that contains the message; null until it is in the repository.' }),
  is_synchronized: z.boolean(),
  created_at: time.meta({ description: 'When the message was stored.' }),
  updated_at: time.meta({
    description: 'When the message was last edited. Synchronizing it does not change this.',
  }),
})

const messageSync = z.discriminatedUnion('state', [
  z.strictObject({ state: z.enum(['pending', 'synchronized']) }),
  z.strictObject({ state: z.literal('quarantined'), reason: z.string() }),
])

const EXAMPLE: z.infer<typeof message> = {
  id: 1,
  uid: '0193a5c2-7b1e-7000-8000-000000000000',
  content: 'Hello, Git',
  sender: 'alice',
  timestamp: '2025-01-09T00:06:41.000Z',
  git_hash: '9fceb02d0ae598e95dc970b74767f19372d61af8',
  is_synchronized: true,
  created_at: '2025-01-09T00:06:41.000Z',
  updated_at: '2025-01-09T00:06:41.000Z',
}

const quarantinedChange = z.strictObject({
  sequence: z.int().min(1).meta({ description: 'The position in the order of all changes.' }),
  reason: z.string().meta({ description: 'Why the repository rejected the message.' }),
  quarantined_at: time,
  message,
})

/** The bodies of all responses. The types of the handlers are derived from them. */
export const API_SCHEMAS = {
  Message: message.meta({ examples: [EXAMPLE] }),
  MessageList: z.array(message).meta({ examples: [[EXAMPLE]] }),
  MessageDetails: message
    .extend({
      path: z.string().meta({ description: 'The file of the message in the repository.' }),
      sync: messageSync.meta({ description: 'The synchronization state of the message.' }),
    })
    .meta({
      examples: [
        { ...EXAMPLE, path: `messages/00/00/00/${EXAMPLE.uid}.json`, sync: { state: 'synchronized' } },
      ],
    }),
  PostedMessage: z
    .strictObject({ status: z.literal('success'), message_id: z.int().min(1) })
    .meta({ examples: [{ status: 'success', message_id: 1 }] }),
  SyncStatus: z
    .strictObject({
      backend: z.string(),
      remote: z.string().nullable().meta({
        description: 'Where commits are pushed, without credentials; null if they stay on this machine.',
      }),
      branch: z.string(),
      head: commit
        .nullable()
        .meta({ description: 'The last commit whose content is completely stored here.' }),
      pending: count.meta({ description: 'The number of messages not yet known to be in the repository.' }),
      oldest_pending_at: time.nullable(),
      last_synchronized_at: time.nullable(),
      state: z.enum(['idle', 'syncing', 'backing_off', 'blocked']).meta({
        description:
          '`backing_off`: an attempt failed and will be repeated. `blocked`: an operator has to act; attempts go on.',
      }),
      last_error: z.strictObject({ code: z.string(), message: z.string(), at: time }).nullable().meta({
        description:
          'Why the last attempt failed. As soon as nothing is pending: the last `conflict` since the start, or null.',
      }),
      retry_at: time.nullable(),
      quarantined: count.meta({
        description: 'The number of messages that the repository rejected.',
      }),
    })
    .meta({
      examples: [
        {
          backend: 'local',
          remote: 'https://git.example.org/messages.git',
          branch: 'main',
          head: EXAMPLE.git_hash,
          pending: 0,
          oldest_pending_at: null,
          last_synchronized_at: '2025-01-09T00:06:42.000Z',
          state: 'idle',
          last_error: null,
          retry_at: null,
          quarantined: 0,
        },
      ],
    }),
  QuarantinedChanges: z.array(quarantinedChange).meta({
    examples: [
      [
        {
          sequence: 1,
          reason: 'pre-receive hook declined',
          quarantined_at: '2025-01-09T00:06:42.000Z',
          message: { ...EXAMPLE, git_hash: null, is_synchronized: false },
        },
      ],
    ],
  }),
  Health: z.strictObject({ status: z.literal('ok') }).meta({ examples: [{ status: 'ok' }] }),
  Readiness: z
    .strictObject({
      status: z.enum(['ready', 'degraded']).meta({
        description:
          '`degraded`: the last synchronization failed, or a message has been pending for over five minutes.',
      }),
    })
    .meta({ examples: [{ status: 'ready' }] }),
  Metrics: z.string().meta({ examples: ['gitmsg_pending 0\n'] }),
  OpenapiDocument: z.looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) }),
  Error: z.strictObject({
    status: z.literal('error'),
    error: z.strictObject({
      code: z.string().meta({ description: 'Identifies the error to programs.' }),
      message: z
        .string()
        .meta({ description: 'Explains the error to people. It never repeats what was sent.' }),
      field: z
        .string()
        .optional()
        .meta({ description: 'The field or parameter that caused the error, if there is one.' }),
      request_id: z
        .string()
        .meta({ format: 'uuid', description: 'The id of the request in the server log.' }),
    }),
  }),
} as const

/** The schemas that the OpenAPI document names: those of responses and that of a new message. */
export type SchemaName = keyof typeof API_SCHEMAS | 'NewMessage'

/** The body of a response, by the name of its schema. */
export type ApiResponse<Name extends keyof typeof API_SCHEMAS> = z.infer<(typeof API_SCHEMAS)[Name]>
