import { createDatabase } from '@gitmsg/test-postgres'
import { onTestFinished } from 'vitest'
import { openWorkspace } from '../workspace.js'

/** Two servers' folders, and the settings that they share: a database and a remote. */
export async function openCluster(postgres: string | null) {
  const database = await createDatabase(postgres ?? '')
  onTestFinished(database.drop)
  const [one, other] = [await openWorkspace(), await openWorkspace()]
  const remote = one.makeRemote()
  return {
    one,
    other,
    remote,
    url: database.url,
    settings: { GITMSG_DATABASE_URL: database.url, GITMSG_REMOTE: remote },
    async [Symbol.asyncDispose]() {
      for (const workspace of [one, other]) await workspace[Symbol.asyncDispose]()
    },
  }
}
