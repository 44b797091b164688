import type { CommitAuthor } from '@gitmsg/git-sync'

/** Who commits: always the service itself. */
export const committer: CommitAuthor = { name: 'gitmsg', email: 'gitmsg@gitmsg.invalid' }

/** Git cuts these off both ends of a name, and refuses a name of nothing else. */
const GIT_TRIMS = /^[\s.,:;"\\']+|[\s.,:;"\\']+$/g

/** A sender as a commit's author. A plain name stays as it is; what Git refuses in a name is left out. */
export function authorOf(sender: string): CommitAuthor {
  const name = sender.replaceAll(/[<>]/g, '').replace(GIT_TRIMS, '')
  return { name: name || 'unknown', email: 'sender@gitmsg.invalid' }
}
