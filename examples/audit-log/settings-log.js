import { append } from '@gitmsg/git-sync'

/**
 * Settings whose history cannot be rewritten unnoticed: each change is a commit of one file, in its author's name.
 *
 * `backend` is any backend of git-sync; several programs may each have one on the same branch.
 */
export function openSettingsLog(backend) {
  const settings = new Map()
  let cursor = null // the last commit whose changes are in `settings`

  /** Reads what the branch gained. */
  async function catchUp() {
    for await (const { hash, files, isContinued } of backend.changesSince(cursor, { within: ['settings'] })) {
      for (const { path, content } of files) settings.set(nameOf(path), JSON.parse(Buffer.from(content)))
      if (!isContinued) cursor = hash
    }
  }

  /**
   * Sets a setting to the value that `decide` makes of the present one, and returns it. If another writer was faster,
   * its change is read and `decide` is called again: no change is overwritten unseen.
   */
  async function change(name, { author, decide }) {
    for (;;) {
      const value = decide(settings.get(name))
      try {
        const [hash] = await append(backend, { parent: cursor, commits: [commitOf(name, value, author)] })
        settings.set(name, value)
        cursor = hash
        return value
      } catch (error) {
        if (error.code !== 'stale-head') throw error
        await catchUp()
      }
    }
  }

  return { catchUp, change, get: (name) => settings.get(name) }
}

/** Yields each change after `cursor`, a commit hash, oldest first; all changes if it is null. */
export async function* changesAfter(backend, cursor) {
  for await (const { hash, message, isContinued } of backend.changesSince(cursor)) {
    if (!isContinued) yield { hash, change: message.trim() }
  }
}

const nameOf = (path) => path.slice('settings/'.length, -'.json'.length)

function commitOf(name, value, author) {
  const person = { name: author, email: `${author}@example.com` }
  const now = new Date()
  const content = `${JSON.stringify(value)}\n`
  return {
    message: `${author} sets ${name} to ${content}`,
    author: person,
    authorDate: now,
    committer: person,
    committerDate: now,
    files: [{ path: `settings/${name}.json`, content }],
  }
}
