import { z } from 'zod'

/** A time as every response has it. */
export const time = z.string().meta({ format: 'date-time', examples: ['2025-01-09T00:06:41.000Z'] })
/** A commit of the repository. */
export const commit = z.string().regex(/^[0-9a-f]{40}$/)
export const count = z.int().min(0)
const uid = z.string().meta({ format: 'uuid' })

/** A message, as lists have it. */
export const message = z.strictObject({
  id: z.int().min(1).meta({ description: 'The number of the message in this database.' }),
  uid: z.string().meta({ format: 'uuid', description: 'The global id of the message, a UUIDv7.' }),
  content: z.string().nullable().meta({ description: 'The text; null if the message is deleted.' }),
  sender: z.string(),
  timestamp: time.meta({ description: 'When the message was written.' }),
  git_hash: commit
    .nullable()
    .meta({ description: 'The commit that contains the message; null until it is in the repository.' }),
  is_synchronized: z.boolean(),
  created_at: time.meta({ description: 'When the message was stored.' }),
  updated_at: time.meta({
    description: 'When the message was last edited or deleted. Synchronizing it does not change this.',
  }),
  version: z.int().min(2).optional().meta({
    description: 'The number of the current version; only in a message that was edited or deleted.',
  }),
  format: z.enum(['markdown', 'reaction']).optional().meta({
    description: 'How the content is to be read, unless it is plain text. A reaction is one emoji.',
  }),
  topic: z.string().optional().meta({ description: 'A label, if the message has one.' }),
  reply_to: uid.optional().meta({ description: 'The uid of the message to which a reply belongs.' }),
  thread: uid.optional().meta({
    description: 'The uid of the message with which the thread of a reply begins.',
  }),
  updated_by: z.string().optional().meta({
    description: 'Who edited or deleted the message, if it was not the sender.',
  }),
  reactions: z
    .record(z.string(), z.array(z.string()).min(1))
    .optional()
    .meta({
      description: 'Senders of reactions to the message by emoji, if there are any.',
      examples: [{ '👍': ['bob'] }],
    }),
  deleted: z.literal(true).optional().meta({ description: 'Only in a message that was deleted.' }),
})

const messageSync = z.discriminatedUnion('state', [
  z.strictObject({ state: z.enum(['pending', 'synchronized']) }),
  z.strictObject({ state: z.literal('quarantined'), reason: z.string() }),
])

export const EXAMPLE: z.infer<typeof message> = {
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

/** A message in full. */
export const messageDetails = message.extend({
  path: z.string().meta({ description: 'The file of the message in the repository.' }),
  position: z.int().min(1).meta({
    description: 'The place of the last visible change of the message in the feed.',
  }),
  sync: messageSync.meta({ description: 'The synchronization state of the message.' }),
})

export const EXAMPLE_DETAILS: z.infer<typeof messageDetails> = {
  ...EXAMPLE,
  path: `messages/00/00/00/${EXAMPLE.uid}.json`,
  position: 2,
  sync: { state: 'synchronized' },
}

/** One version of a message. */
export const messageVersion = z.strictObject({
  version: z.int().min(1).meta({ description: '1 when posted, one higher with each edit.' }),
  content: z.string(),
  format: z.enum(['plain', 'markdown', 'reaction']),
  topic: z.string().nullable(),
  updated_at: time.meta({ description: 'When this version was made.' }),
  updated_by: z.string().nullable().meta({ description: 'Who made it, if it was not the sender.' }),
  git_hash: commit
    .nullable()
    .meta({ description: 'The commit that contains this version, once it has one.' }),
  is_synchronized: z.boolean(),
})

export const EXAMPLE_VERSION: z.infer<typeof messageVersion> = {
  version: 1,
  content: EXAMPLE.content ?? '',
  format: 'plain',
  topic: null,
  updated_at: EXAMPLE.updated_at,
  updated_by: null,
  git_hash: EXAMPLE.git_hash,
  is_synchronized: true,
}

/** A topic that has messages. */
export const topic = z.strictObject({
  topic: z.string(),
  messages: z
    .int()
    .min(1)
    .meta({ description: 'The number of its messages, without deleted ones and reactions.' }),
  last_at: time.meta({ description: 'The latest `timestamp` of them.' }),
})

export const EXAMPLE_TOPIC: z.infer<typeof topic> = {
  topic: 'deploys',
  messages: 12,
  last_at: EXAMPLE.timestamp,
}

/** A message that was found by its words. */
export const foundMessage = z.strictObject({
  message,
  snippet: z
    .array(
      z.strictObject({
        text: z.string(),
        match: z.boolean().meta({ description: 'Whether this part is what was searched for.' }),
      }),
    )
    .meta({ description: 'Parts of the text in their order; `…` is in the place of what is left out.' }),
})

export const EXAMPLE_FOUND: z.infer<typeof foundMessage> = {
  message: EXAMPLE,
  snippet: [
    { text: 'Hello, ', match: false },
    { text: 'Git', match: true },
  ],
}
