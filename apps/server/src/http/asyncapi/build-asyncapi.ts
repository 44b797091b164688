import { z } from 'zod'
import { VERSION } from '../../version.js'
import { API_SCHEMAS } from '../openapi/schemas.js'
import { helloSchema, MAX_CLIENT_FRAME_BYTES, SERVER_FRAMES, SUBPROTOCOL } from './frame-schemas.js'
import { LIVE_ENDINGS } from './live-errors.js'

/** The live channel as an AsyncAPI 3 document. */
export interface AsyncapiDocument {
  readonly asyncapi: '3.0.0'
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>
    readonly [more: string]: unknown
  }
  readonly [more: string]: unknown
}

const DESCRIPTION = `Every change, as it happens. Frames are JSON objects, one in each text message of the WebSocket. Nothing is posted here.

The client sends \`hello\` first, within 5 seconds; again at any time with a new token. Apply a \`messages\` frame only if its \`after\` is your own position; otherwise send a \`hello\` with yours. Replace a message only by one of a higher \`position\`. Then nothing is missed and nothing is there twice, across any number of connections.

With \`Accept: text/event-stream\` the same path responds with the frames of the server as events: \`event\` is the type, \`data\` the frame, and \`id\` the place of the feed, which \`Last-Event-ID\` resumes.`

const SUMMARIES = {
  hello: 'Begin, resume, use another token, or narrow to topics',
  welcome: 'The hello was accepted',
  messages: 'Messages that changed, each as it is now',
  sync: 'The status of the synchronization: after welcome, and when it has changed',
  reset: 'The place to resume is not one of this feed, or too far back',
  beat: 'Nothing has happened for a while',
  error: 'Why the connection is about to be closed',
  bye: 'The server closes the connection; connect again later',
} as const

/** Builds the document of this version of the service. */
export function buildAsyncapi(): AsyncapiDocument {
  const names = Object.keys(SUMMARIES)
  const sent = Object.keys(SERVER_FRAMES)
  return {
    asyncapi: '3.0.0',
    info: { title: 'gitmsg live', version: VERSION, description: DESCRIPTION, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    channels: {
      live: {
        address: '/live',
        title: 'The live channel',
        description: describeEndings(),
        messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
      },
    },
    operations: {
      receiveHello: operation('receive', ['hello']),
      sendFrames: operation('send', sent),
    },
    components: {
      messages: Object.fromEntries(
        Object.entries(SUMMARIES).map(([name, summary]) => [
          name,
          { name, summary, payload: { $ref: `#/components/schemas/${name}` } },
        ]),
      ),
      schemas: buildSchemas(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An access token with the scope `read`: in `hello`, or in `Authorization` with the handshake. Never in the URL or the subprotocol. With `GITMSG_PUBLIC_READ=on` a client needs none, and gets no `sync` frames without one.',
        },
      },
    },
  }
}

const operation = (action: 'send' | 'receive', messages: readonly string[]) => ({
  action,
  channel: { $ref: '#/channels/live' },
  messages: messages.map((name) => ({ $ref: `#/channels/live/messages/${name}` })),
  ...(action === 'receive' && { security: [{ $ref: '#/components/securitySchemes/bearer' }] }),
})

function describeEndings(): string {
  const rows = Object.entries(LIVE_ENDINGS).map(([code, { close }]) => `- ${close}: \`${code}\``)
  return `The subprotocol is \`${SUBPROTOCOL}\`. A frame of a client has at most ${MAX_CLIENT_FRAME_BYTES} bytes (1009). After 4401 and 4403 a client must not connect again by itself. Close codes:\n\n${rows.join('\n')}`
}

/** In draft 7, which is what AsyncAPI has. */
function buildSchemas(): Record<string, object> {
  const names = z.registry<{ id: string }>()
  const { MessageDetails, SyncStatus } = API_SCHEMAS
  for (const [id, schema] of Object.entries({
    hello: helloSchema,
    ...SERVER_FRAMES,
    MessageDetails,
    SyncStatus,
  })) {
    names.add(schema, { id })
  }
  const { schemas } = z.toJSONSchema(names, {
    target: 'draft-7',
    uri: (id) => `#/components/schemas/${id}`,
    io: 'input',
  })
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $id, $schema, ...schema }]) => [name, schema]),
  )
}
