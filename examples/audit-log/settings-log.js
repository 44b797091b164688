import { append } from '@gitmsg/git-sync'
/**
 * Settings whose history cannot be rewritten: each change is a commit, by whoever made it, of a file of its own.
 *
 * `backend` is any of git-sync's; several programs may each have one on the same branch.
 */
export function openSettingsLog(backend) {
  const settings = new Map()
  let cursor = null // the last commit that `settings` knows of

  /** Takes in what the branch gained. */
  async function catchUp() {
    for await (const { hash, files } of backend.changesSince(cursor, { within: ['settings'] })) {
      for (const { path, content } of files) settings.set(nameOf(path), JSON.parse(Buffer.from(content)))
      cursor = hash
    }
  }

  /**
   * Gives a setting the value that `decide` makes of the present one, and answers it. Where somebody else was
   * quicker, theirs is read first, and `decide` is asked again: nobody's change is overwritten unseen.
   */
  async function change(name, { who, decide }) {
    for (;;) {
      const value = decide(settings.get(name))
      try {
        const [hash] = await append(backend, { parent: cursor, commits: [commitOf(name, value, who)] })
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

/** Yields each change after `cursor`, a commit, oldest first; all of them where it is null. */
export async function* changesAfter(backend, cursor) {
  for await (const { hash, message } of backend.changesSince(cursor)) yield { hash, what: message.trim() }
}

const nameOf = (path) => path.slice('settings/'.length, -'.json'.length)

function commitOf(name, value, who) {
  const author = { name: who, email: `${who}@example.com` }
  const now = new Date()
  const content = `${JSON.stringify(value)}\n`
  return {
    message: `${who} sets ${name} to ${content}`,
    author,
    authorDate: now,
    committer: author,
    committerDate: now,
    files: [{ path: `settings/${name}.json`, content }],
  }
}
