import type { Accounts, HeldPost } from '@gitmsg/accounts'
import { assembleEngine, type Engine } from '@gitmsg/core'
import { Argument, type Command } from 'commander'
import type { ServerConfig } from '../../config/server-config.js'
import { createApprovals } from '../../http/posting/approvals.js'
import { toApiHeld } from '../../http/routes/accounts/api-account.js'
import { createLogger } from '../../log/create-logger.js'
import { openDatabase } from '../../open-database.js'
import { indentText } from '../client/describe-message.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from '../command-context.js'
import { parseNumber } from './invite-command.js'
import { ACTOR, withAccounts } from './with-accounts.js'

const PAGE = 100

const id = () =>
  new Argument('<id>', 'the number of the held post').argParser(parseNumber(Number.MAX_SAFE_INTEGER))

/** Adds `gitmsg moderation` with its subcommands. */
export function addModerationCommand(program: Command, context: CommandContext): void {
  const moderation = program
    .command('moderation')
    .description('list, approve and reject the posts that wait for a moderator')

  moderation
    .command('list')
    .description('list the posts, oldest first')
    .option('--json', 'print JSON: a line for each post, in the format of GET /moderation')
    .action((flags: JsonFlag) => runList(context, flags))

  moderation
    .command('approve')
    .description('publish a post: it becomes a message; exit with 1 if none with this number waits')
    .addArgument(id())
    .option('--json', 'print JSON')
    .action((held: number, flags: JsonFlag) => runApprove(context, held, flags))

  moderation
    .command('reject')
    .description('discard a post; exit with 1 if none with this number waits')
    .addArgument(id())
    .option('--json', 'print JSON')
    .action((held: number, flags: JsonFlag) => runReject(context, held, flags))
}

async function runList(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { print, paint } = context
  await withAccounts(context, async ({ held }) => {
    let page = await held.list({ limit: PAGE })
    while (page.length > 0) {
      for (const post of page) await print(json ? jsonLine(toApiHeld(post)) : describeHeld(post, paint))
      page = await held.list({ limit: PAGE, after: page.at(-1)?.id ?? 0 })
    }
  })
}

async function runApprove(
  context: CommandContext,
  held_id: number,
  { json = false }: JsonFlag,
): Promise<void> {
  await withAccounts(context, async (accounts, config) => {
    await withEngine(config, async (engine) => {
      const approvals = createApprovals({ engine, accounts, logger: createLogger('silent') })
      const message = await approvals.approve(held_id, ACTOR)
      if (!message) throw noSuchPost()
      const { id: message_id } = message
      await context.print(json ? jsonLine({ held_id, message_id }) : `message ${message_id} posted\n`)
    })
  })
}

/** Posts to the database alone: a server that uses it, or the next one, publishes the message. */
async function withEngine(config: ServerConfig, work: (engine: Engine) => Promise<void>): Promise<void> {
  await using store = await openDatabase(config, { logger: createLogger('silent'), mustExist: true })
  const unavailable = () => Promise.reject(new Error('nothing is synchronized here'))
  const close = async () => {}
  const synchronizer = {
    ...{ wake() {}, sync: unavailable, status: unavailable, close },
    [Symbol.asyncDispose]: close,
  }
  await work(assembleEngine({ store, synchronizer, formatVersion: config.formatVersion }))
}

async function runReject(
  context: CommandContext,
  held_id: number,
  { json = false }: JsonFlag,
): Promise<void> {
  await withAccounts(context, async ({ held }: Accounts) => {
    if (!(await held.reject(held_id, ACTOR))) throw noSuchPost()
    await context.print(json ? jsonLine({ rejected: held_id }) : `post ${held_id} rejected\n`)
  })
}

const noSuchPost = () => new Error('no post with this number waits for a moderator')

/** Formats a held post for people. No character of it acts on the terminal. */
function describeHeld(post: HeldPost, paint: Paint): string {
  const { held_id, account, reason, held_at, content, topic } = toApiHeld(post)
  const words = [paint('dim', `${held_id} ${held_at} (${reason})`), paint('bold', `${account}:`)]
  const label = topic === undefined ? [] : [paint('green', indentText(`[${topic}]`))]
  return `${[...words, ...label, indentText(content)].join(' ')}\n`
}
