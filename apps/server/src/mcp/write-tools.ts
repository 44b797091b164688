import type { NewMessage } from '@gitmsg/client'
import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { repeatWrite } from '../client/repeat-write.js'
import { type Agent, respond } from './agent.js'
import { messageKey, textField } from './inputs.js'

const WRITES = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }

const content = textField('content')
const format = z
  .enum(['plain', 'markdown'])
  .exactOptional()
  .describe('How the content is to be read. Default: plain.')
const posted = z.object({
  message_id: z.int().optional().meta({ description: 'The id of the message, which is stored for good.' }),
  held_id: z.int().optional().meta({
    description: 'Instead: the number of the post, which a moderator publishes or discards.',
  }),
})

/** Adds the tools that post. */
export function addWriteTools(server: McpServer, agent: Agent): void {
  const { client, sender, createKey } = agent

  const post = (message: Omit<NewMessage, 'sender'>) =>
    respond(agent, async () => {
      const idempotencyKey = createKey()
      const { status: _, ...ids } = await repeatWrite(() =>
        client.post({ ...message, sender }, { idempotencyKey }),
      )
      return ids
    })

  server.registerTool(
    'post_message',
    {
      title: 'Post a message',
      description: `Posts a message as ${sender}. All readers see it, and it is committed to a Git repository. To reply to a message, use \`reply\`.`,
      inputSchema: z.strictObject({ content, topic: textField('topic').exactOptional(), format }),
      outputSchema: posted,
      annotations: WRITES,
    },
    post,
  )

  server.registerTool(
    'reply',
    {
      title: 'Reply to a message',
      description: `Replies to a message as ${sender}, in its thread and with its topic.`,
      inputSchema: z.strictObject({
        message: messageKey('The id or uid of the message to reply to.'),
        content,
        format,
      }),
      outputSchema: posted,
      annotations: WRITES,
    },
    ({ message: reply_to, ...rest }) => post({ ...rest, reply_to }),
  )
}
