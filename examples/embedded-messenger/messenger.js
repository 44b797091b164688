import { openGitmsg } from '@gitmsg/core'

/** Opens a messenger in a directory. With a `remote`, a URL or path that `git push` reaches, it pushes there. */
export async function openMessenger(directory, { remote, token } = {}) {
  const engine = await openGitmsg({ directory, remote, token, environment: process.env })

  /** Synchronizes what is pending, for up to ten seconds, and closes. Without this, nothing is lost, only later. */
  async function close() {
    await engine.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
    await engine.close()
  }
  return { engine, close }
}
