import { z } from 'zod'
import { type ACCOUNT_BODIES, ACCOUNT_SCHEMAS } from './accounts/account-schemas.js'
import {
  commit,
  count,
  EXAMPLE,
  EXAMPLE_DETAILS,
  EXAMPLE_FOUND,
  EXAMPLE_TOPIC,
  EXAMPLE_VERSION,
  foundMessage,
  message,
  messageDetails,
  messageVersion,
  time,
  topic,
} from './message-schemas.js'

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
  FoundMessages: z.array(foundMessage).meta({ examples: [[EXAMPLE_FOUND]] }),
  MessageDetails: messageDetails.meta({ examples: [EXAMPLE_DETAILS] }),
  MessageHistory: z.array(messageVersion).meta({ examples: [[EXAMPLE_VERSION]] }),
  MessageVersion: messageVersion.meta({ examples: [EXAMPLE_VERSION] }),
  TopicList: z.array(topic).meta({ examples: [[EXAMPLE_TOPIC]] }),
  Changes: z
    .strictObject({
      epoch: z.string().meta({ description: 'Names the order of positions; another one after a restore.' }),
      position: count.meta({ description: 'That of the last message or, without any, the given one.' }),
      messages: z.array(messageDetails),
    })
    .meta({ examples: [{ epoch: '5f2b7c1e3d2a4a55', position: 2, messages: [EXAMPLE_DETAILS] }] }),
  PostedMessage: z
    .strictObject({ status: z.literal('success'), message_id: z.int().min(1) })
    .meta({ examples: [{ status: 'success', message_id: 1 }] }),
  ...ACCOUNT_SCHEMAS,
  ReportList: z.array(ACCOUNT_SCHEMAS.Report).meta({
    examples: [ACCOUNT_SCHEMAS.Report.meta()?.examples ?? []],
  }),
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
  EventStream: z.string().meta({
    description:
      'The frames of `/asyncapi.json` as events: `event` is the type, `data` the frame, `id` the place of the feed.',
    examples: ['event: beat\ndata: {"type":"beat","position":1241}\n\n'],
  }),
  AsyncapiDocument: z.looseObject({
    asyncapi: z.string(),
    info: z.looseObject({}),
    channels: z.looseObject({}),
  }),
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

/** The schemas that the OpenAPI document names: those of responses and those of bodies. */
export type SchemaName =
  | keyof typeof API_SCHEMAS
  | keyof typeof ACCOUNT_BODIES
  | 'NewMessage'
  | 'MessageChanges'

/** The body of a response, by the name of its schema. */
export type ApiResponse<Name extends keyof typeof API_SCHEMAS> = z.infer<(typeof API_SCHEMAS)[Name]>
