import { fastImport, gitmsgSync } from '../../measures/sync-contenders.js'
import { compare } from '../../report/compare.js'
import type { Part } from '../part.js'

/** From SQLite into a repository on the same machine, with one commit for each message. */
export const sync: Part = {
  name: 'sync',
  title: 'a backlog into a repository, beside git fast-import alone',
  async run({ fixtures, messages, rounds }) {
    const backlog = await fixtures.backlog(0, messages)
    const contenders = [
      gitmsgSync(backlog),
      fastImport(backlog),
      fastImport(backlog, { name: 'git fast-import, without fsync', durable: false }),
    ]
    const what = `sync of ${messages} messages into a repository`
    return [await compare({ id: 'sync', what }, { rounds, contenders })]
  },
}
