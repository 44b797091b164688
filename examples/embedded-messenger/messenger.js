import { createEngine } from '@gitmsg/core'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore } from '@gitmsg/store'

/**
 * Opens a messenger whose database and repository are in `folder`. Where there is a `remote`, a URL or path that
 * `git push` reaches, everything is pushed there.
 */
export async function openMessenger(folder, { remote = null, token } = {}) {
  const store = await openStore({ path: `${folder}/gitmsg.db` })
  const directory = `${folder}/repository.git`
  const { PATH, SSH_AUTH_SOCK } = process.env
  const backend = createLocalBackend({ directory, remote, token, environment: { PATH, SSH_AUTH_SOCK } })
  const engine = createEngine({ store, backend })

  /** Takes to the repository what is still on its way, for up to ten seconds, and ends. Nothing is lost without. */
  async function close() {
    await engine.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
    await engine.close()
    await backend.close()
    await store.close()
  }
  return { engine, close }
}
