import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { verify } from '@gitmsg/core'
import type { Command } from 'commander'
import { VERIFICATION_COPY } from '../create-backend.js'
import type { OpenData } from '../open-data.js'
import { abortOnStop } from './abort-on-stop.js'
import { type CommandContext, type JsonFlag, toLine } from './command-context.js'
import { describeDifference, describeVerification } from './describe-verification.js'
import { openExistingData } from './open-existing-data.js'
import { createProgress } from './progress.js'

interface VerifyFlags extends JsonFlag {
  readonly repair?: boolean
}

export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('compare the database with the repository, content by content; exit 1 where they differ')
    .option('--repair', 'mend what can be mended without losing anything; no server may run')
    .option('--json', 'say it in JSON, a line for each difference and one for the result')
    .action((flags: VerifyFlags) => runVerify(context, flags))
}

async function runVerify(context: CommandContext, { repair = false, json = false }: VerifyFlags) {
  const { process, print, paint } = context
  const { store, backend, close } = repair ? await openExistingData(context) : await openToRead(context)
  const progress = createProgress('files', process.stderr)
  try {
    const verification = await verify({
      store,
      backend,
      repair,
      signal: abortOnStop(process),
      onProgress: ({ files, expected }) => progress.update(files, expected),
      async onDifference(difference) {
        progress.stop()
        await print(
          json ? toLine({ type: 'difference', ...difference }) : describeDifference(difference, paint),
        )
      },
    })
    progress.stop()
    await print(
      json ? toLine({ type: 'result', ...verification }) : describeVerification(verification, paint),
    )
    process.exitCode = verification.equal ? 0 : 1
  } finally {
    progress.stop()
    await close()
  }
}

/** Reads in the repository's own folder and keeps servers out of it or, where one is in there, beside it. */
async function openToRead(context: CommandContext): Promise<OpenData> {
  const data = await openExistingData(context)
  if (data.store.acquireSyncLock()) return data // closing the store frees it
  await data.close()
  const beside = await openExistingData(context, { besideServer: true })
  return {
    ...beside,
    async close() {
      await beside.close()
      await rm(join(context.readConfig().dataDirectory, VERIFICATION_COPY), { recursive: true, force: true })
    },
  }
}
