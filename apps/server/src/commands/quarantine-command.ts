import type { QuarantinedChange, Store } from '@gitmsg/store'
import type { Command } from 'commander'
import { toApiQuarantined } from '../http/routes/sync-routes.js'
import { escapeControls } from '../log/redact.js'
import { openExistingData } from '../open-data.js'
import { type CommandContext, type JsonFlag, jsonLine, type Paint } from './command-context.js'

/** Adds `gitmsg quarantine` with its subcommands. */
export function addQuarantineCommand(program: Command, context: CommandContext): void {
  const quarantine = program
    .command('quarantine')
    .description('list and retry the messages that the repository rejected')

  quarantine
    .command('list')
    .description('list the messages and the reasons, newest first')
    .option('--json', 'print JSON: a line for each message, in the format of GET /sync/quarantined')
    .action((flags: JsonFlag) => runList(context, flags))

  quarantine
    .command('retry')
    .description('make messages pending again; exit with 1 if one of them is not quarantined')
    .argument('[uid...]', 'the uids of the messages; default: all')
    .option('--json', 'print JSON')
    .action((uids: string[], flags: JsonFlag) => runRetry(context, uids, flags))
}

async function runList(context: CommandContext, { json = false }: JsonFlag): Promise<void> {
  const { print, paint } = context
  await withStore(context, async (store) => {
    for await (const change of allQuarantined(store)) {
      await print(json ? jsonLine(toApiQuarantined(change)) : describeChange(change, paint))
    }
  })
}

async function runRetry(
  context: CommandContext,
  uids: readonly string[],
  { json = false }: JsonFlag,
): Promise<void> {
  const { process, print } = context
  await withStore(context, async (store) => {
    const retried = await store.retryQuarantined(uids.length > 0 ? uids : undefined)
    await print(json ? jsonLine({ retried }) : `${retried} pending again\n`)
    if (retried < new Set(uids).size) process.exitCode = 1
  })
}

async function withStore(
  { environment, readConfig }: CommandContext,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const { store, close } = await openExistingData(await readConfig(), environment)
  try {
    await work(store)
  } finally {
    await close()
  }
}

async function* allQuarantined(store: Store): AsyncGenerator<QuarantinedChange> {
  let page = await store.quarantinedChanges()
  while (page.length > 0) {
    yield* page
    page = await store.quarantinedChanges({ before: page.at(-1)?.sequence ?? 0 })
  }
}

/** Formats a quarantined change for people. The reason may quote the remote, so control characters are escaped. */
export function describeChange({ message, quarantined_at, reason }: QuarantinedChange, paint: Paint): string {
  const version = message.version > 1 ? `, version ${message.version}` : ''
  const details = `${quarantined_at}  message ${message.id}${version}: ${reason.replaceAll('\n', ' ')}`
  return `${paint('bold', message.uid)}  ${escapeControls(details)}\n`
}
