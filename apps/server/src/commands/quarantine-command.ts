import type { QuarantinedChange, Store } from '@gitmsg/store'
import type { Command } from 'commander'
import { toApiQuarantined } from '../http/routes/api-message.js'
import { escapeControls } from '../log-line.js'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import type { Paint } from './create-paint.js'
import { openExistingData } from './open-existing-data.js'

export function addQuarantineCommand(program: Command, context: CommandContext): void {
  const { process, print, paint } = context
  const quarantine = program
    .command('quarantine')
    .description('see and retry the messages that the repository did not accept')

  quarantine
    .command('list')
    .description('list them with the reasons, newest first')
    .option('--json', 'say it in JSON, a line for each, like GET /sync/quarantined')
    .action(({ json = false }: JsonFlag) =>
      withStore(context, async (store) => {
        for await (const change of everyQuarantined(store)) {
          await print(json ? toLine(toApiQuarantined(change)) : describeChange(change, paint))
        }
      }),
    )

  quarantine
    .command('retry')
    .description('make them pending again; exit 1 where one of those named is not quarantined')
    .argument('[uid...]', 'which ones; default: all')
    .option('--json', 'say it in JSON')
    .action((uids: string[], { json = false }: JsonFlag) =>
      withStore(context, async (store) => {
        const retried = await store.retryQuarantined(uids.length > 0 ? uids : undefined)
        await print(json ? toLine({ retried }) : `${retried} pending again\n`)
        if (retried < new Set(uids).size) process.exitCode = 1
      }),
    )
}

async function withStore(context: CommandContext, work: (store: Store) => Promise<void>): Promise<void> {
  const { store, close } = await openExistingData(context)
  try {
    await work(store)
  } finally {
    await close()
  }
}

async function* everyQuarantined(store: Store): AsyncGenerator<QuarantinedChange> {
  let page = await store.quarantinedChanges()
  while (page.length > 0) {
    yield* page
    page = await store.quarantinedChanges({ before: page.at(-1)?.sequence ?? 0 })
  }
}

/** The reason may quote the remote, so what a terminal would act on is escaped. */
function describeChange({ message, quarantined_at, reason }: QuarantinedChange, paint: Paint): string {
  const about = `${quarantined_at}  message ${message.id}: ${reason.replaceAll('\n', ' ')}`
  return `${paint('bold', message.uid)}  ${escapeControls(about)}\n`
}
