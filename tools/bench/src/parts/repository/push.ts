import { join } from 'node:path'
import { onCopy } from '../../data/folders.js'
import { barePush, fastImportAndPush, gitmsgSync } from '../../measures/sync-contenders.js'
import { compare } from '../../report/compare.js'
import { runSync } from '../../rig/programs.js'
import type { Part } from '../part.js'

/** From SQLite to a remote, with a push for each batch. */
export const push: Part = {
  name: 'push',
  title: 'a backlog to a file remote, beside git fast-import and git push in the same batches',
  async run({ fixtures, messages, rounds }) {
    const backlog = await fixtures.backlog(0, messages)
    const batches = await onCopy(
      backlog.folder,
      'gitmsg',
      async (data) => (await runSync(data, join(data, 'remote.git'))).batches,
    )
    const contenders = [
      gitmsgSync(backlog, { remote: true }),
      fastImportAndPush(backlog, batches),
      barePush(backlog),
    ]
    const what = `sync of ${messages} messages to a file remote, ${batches.length} pushes`
    return [await compare({ id: 'push', what }, { rounds, contenders })]
  },
}
