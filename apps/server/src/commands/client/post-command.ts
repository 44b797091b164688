import { randomUUID } from 'node:crypto'
import {
  type Client,
  ClientError,
  type HeldMessage,
  type NewMessage,
  type PostedMessage,
} from '@gitmsg/client'
import { type Command, Option } from 'commander'
import { parseMessageKey } from '../../client/message-key.js'
import { repeatWrite } from '../../client/repeat-write.js'
import type { CommandContext } from '../command-context.js'
import { addPrintingCommand, type ClientFlags, createPrinter, withClient } from './client-command.js'
import { readText, TEXT_HELP } from './text-input.js'

interface PostFlags extends ClientFlags {
  readonly sender: string
  readonly topic?: string
  readonly replyTo?: string
  readonly format?: 'plain' | 'markdown' | 'reaction'
  readonly idempotencyKey?: string
}

/** Adds `gitmsg post`. */
export function addPostCommand(program: Command, context: CommandContext): void {
  addPrintingCommand(program, 'post')
    .description('post a message to a server; if the connection breaks, it is sent again, and stored once')
    .argument('[text]', TEXT_HELP)
    .requiredOption('--sender <name>', 'the sender of the message')
    .option('--topic <topic>', 'a label; default of a reply: the topic of the message it replies to')
    .option('--reply-to <message>', 'the id or uid of the message to which it replies')
    .addOption(
      new Option('--format <format>', 'how the text is to be read; a reaction is one emoji in reply').choices(
        ['plain', 'markdown', 'reaction'],
      ),
    )
    .option('--idempotency-key <key>', 'the same key and message again are stored once; default: a new key')
    .action((text: string | undefined, flags: PostFlags) => runPost(context, text, flags))
}

type Posted = PostedMessage | HeldMessage

async function runPost(context: CommandContext, text: string | undefined, flags: PostFlags): Promise<void> {
  const { sender, topic, replyTo, format, idempotencyKey = randomUUID() } = flags
  await withClient(context, flags, async (client) => {
    const message: NewMessage = {
      content: await readText(text, context.process.stdin),
      sender,
      ...(topic !== undefined && { topic }),
      ...(format !== undefined && { format }),
      ...(replyTo !== undefined && { reply_to: parseMessageKey(replyTo) }),
    }
    const posted = await post(client, message, idempotencyKey)
    await createPrinter(context, flags, describePosted)(posted)
  })
}

async function post(client: Client, message: NewMessage, idempotencyKey: string): Promise<Posted> {
  try {
    return await repeatWrite(() => client.post(message, { idempotencyKey }))
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== 'outcome-unknown') throw error
    const text = `${error.message} To store it once, repeat the command with --idempotency-key ${idempotencyKey}`
    throw new ClientError('outcome-unknown', text, { cause: error.cause })
  }
}

const describePosted = (posted: Posted): string =>
  posted.status === 'held'
    ? `post ${Number(posted.held_id)} waits for a moderator\n`
    : `message ${Number(posted.message_id)} posted\n`
