import { z } from 'zod'
import { SCOPES } from '../access/access-token.js'
import { MAX_TOPIC_LENGTH } from '../http/feed-position.js'
import { API_SCHEMAS } from '../http/openapi/schemas.js'
import { LIVE_ERROR_CODES } from './live-errors.js'

/** The subprotocol of the WebSocket. */
export const SUBPROTOCOL = 'gitmsg.live.v1'

/** The most bytes of a frame from a client. */
export const MAX_CLIENT_FRAME_BYTES = 4 * 1024
const MAX_TOPICS = 64
export const MAX_MESSAGES_PER_FRAME = 100

const epoch = z
  .string()
  .regex(/^[0-9a-zA-Z_-]{1,64}$/)
  .meta({ description: 'Names the order of positions; another one after a restore or a reset.' })
const position = z.int().min(0)
const EXAMPLE_EPOCH = '5f2b7c1e3d2a4a55'

export const topicsSchema = z.array(z.string().min(1).max(MAX_TOPIC_LENGTH)).max(MAX_TOPICS)

/** The only frame of a client. */
export const helloSchema = z
  .strictObject({
    type: z.literal('hello'),
    token: z.string().min(1).max(512).optional().meta({
      description: 'An access token with the scope `read`, unless the server needs none.',
    }),
    after: z.strictObject({ epoch, position }).nullable().optional().meta({
      description:
        'The place of the feed after which to go on; null: now. If a later hello has none, the frames go on as they were.',
    }),
    topics: topicsSchema.nullable().optional().meta({
      description:
        'Only messages whose topic is one of these, or was before the change; null: all messages. If a later hello has none, the earlier ones stay.',
    }),
  })
  .meta({ examples: [{ type: 'hello', after: { epoch: EXAMPLE_EPOCH, position: 1234 } }] })

/** What a client sends. */
export type Hello = z.infer<typeof helloSchema>

/** Every frame of the server, by its type. */
export const SERVER_FRAMES = {
  welcome: z
    .strictObject({
      type: z.literal('welcome'),
      epoch,
      position: position.meta({ description: "The client's own where it resumes, otherwise the feed's." }),
      heartbeat_seconds: z.int().min(1).meta({ description: 'A frame comes at least this often.' }),
      sender: z.string().nullable().meta({ description: 'The sender that the token is bound to.' }),
      scopes: z.array(z.enum(SCOPES)),
    })
    .meta({
      examples: [
        {
          type: 'welcome',
          epoch: EXAMPLE_EPOCH,
          position: 1234,
          heartbeat_seconds: 25,
          sender: null,
          scopes: ['read', 'write'],
        },
      ],
    }),
  messages: z
    .strictObject({
      type: z.literal('messages'),
      after: position.meta({
        description: 'The position of the frame before. A client that is not there has missed something.',
      }),
      position: position.meta({ description: 'Where the client is after this frame.' }),
      messages: z.array(API_SCHEMAS.MessageDetails).max(MAX_MESSAGES_PER_FRAME).meta({
        description: 'Each as it is now; replace a message only by one of a higher position.',
      }),
    })
    .meta({ examples: [{ type: 'messages', after: 1234, position: 1241, messages: [] }] }),
  sync: z.strictObject({ type: z.literal('sync'), status: API_SCHEMAS.SyncStatus }),
  reset: z
    .strictObject({
      type: z.literal('reset'),
      epoch,
      position,
      reason: z.enum(['epoch_changed', 'position_ahead', 'too_far']),
    })
    .meta({
      description: 'Read your pages again over HTTP, and keep showing what you have until then.',
      examples: [{ type: 'reset', epoch: EXAMPLE_EPOCH, position: 99, reason: 'epoch_changed' }],
    }),
  beat: z
    .strictObject({ type: z.literal('beat'), position })
    .meta({ examples: [{ type: 'beat', position: 1241 }] }),
  error: z.strictObject({
    type: z.literal('error'),
    error: z.strictObject({
      code: z.enum(LIVE_ERROR_CODES),
      message: z.string(),
      request_id: z.string().meta({ format: 'uuid' }),
    }),
  }),
  bye: z
    .strictObject({
      type: z.literal('bye'),
      retry_after_ms: z.int().min(0).meta({ description: 'When to connect again.' }),
    })
    .meta({ examples: [{ type: 'bye', retry_after_ms: 1500 }] }),
} as const

export type ServerFrameType = keyof typeof SERVER_FRAMES
/** What the server sends. */
export type ServerFrame = {
  [Type in ServerFrameType]: z.infer<(typeof SERVER_FRAMES)[Type]>
}[ServerFrameType]
