import type { FoundMessage, Message, Page } from '@gitmsg/client'
import { inputJsonSchemas } from '@gitmsg/core'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { foundMessage, message } from '../http/openapi/message-schemas.js'
import { type Agent, respond } from './agent.js'
import { messageKey } from './inputs.js'

const { query, search, threadPage } = inputJsonSchemas()

const READ_ONLY = { readOnlyHint: true, openWorldHint: true }

/** A newer server may have more fields. */
const messages = z.array(z.looseObject(message.shape))
const page = z.object({
  messages,
  has_more: z.boolean().meta({ description: 'Whether there are more messages beyond these.' }),
})

const DEFAULT_LIMIT = 50
const limit = z.int().min(1).max(1000).exactOptional().describe('At most this many. Default: 50.')
const filter = (name: string) => z.string().exactOptional().meta(described(query, name))
const time = (name: string) => filter(name).meta({ ...described(query, name), format: 'date-time' })
const id = (description: string) => z.int().min(1).exactOptional().describe(description)

function described({ properties }: typeof query, name: string): { description: string } {
  return { description: String(properties[name]?.description) }
}

const results = z.object({
  results: z.array(z.looseObject({ ...foundMessage.shape, message: messages.element })),
  has_more: page.shape.has_more,
})

/** Adds the tools that only read. */
export function addReadTools(server: McpServer, agent: Agent): void {
  const { client } = agent

  server.registerTool(
    'list_messages',
    {
      title: 'List messages',
      description: 'Lists messages, newest first. For the next page, pass the lowest id as `before`.',
      inputSchema: z.strictObject({
        limit,
        before: id('Only ids below this one.'),
        sender: filter('sender'),
        topic: filter('topic'),
        since: time('since'),
        until: time('until'),
      }),
      outputSchema: page,
      annotations: READ_ONLY,
    },
    (filters) => respond(agent, async () => toPage(await client.list(filters))),
  )

  server.registerTool(
    'search',
    {
      title: 'Search',
      description: 'Finds messages by their words, newest first. For more, pass the lowest id as `before`.',
      inputSchema: z.strictObject({
        q: z.string().meta(described(search, 'q')),
        limit,
        before: id('Only ids below this one.'),
        sender: filter('sender'),
        topic: filter('topic'),
        since: time('since'),
        until: time('until'),
      }),
      outputSchema: results,
      annotations: READ_ONLY,
    },
    ({ limit = DEFAULT_LIMIT, ...query }) =>
      respond(agent, async () => firstOf(client.search({ ...query, limit }), limit)),
  )

  server.registerTool(
    'read_thread',
    {
      title: 'Read a thread',
      description:
        'Lists the thread of a message, oldest first: the message with which it begins, and all replies. For the next page, pass the highest id as `after`.',
      inputSchema: z.strictObject({
        message: messageKey('The id or uid of any message of the thread.'),
        limit,
        after: id(described(threadPage, 'after').description),
      }),
      outputSchema: page,
      annotations: READ_ONLY,
    },
    ({ message, ...rest }) => respond(agent, async () => toPage(await client.thread(message, rest))),
  )
}

/** The first results, of as many pages as that takes: a page may be short, or empty. */
async function firstOf(pages: AsyncIterable<FoundMessage>, limit: number) {
  const results: FoundMessage[] = []
  for await (const result of pages) {
    if (results.length === limit) return { results, has_more: true }
    results.push(result)
  }
  return { results, has_more: false }
}

const toPage = (page: Page<Message>) => ({ messages: [...page], has_more: page.next !== null })
