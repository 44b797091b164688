import { createClient } from '@gitmsg/client'
import { gitmsg } from './gitmsg.js'

/** The settings of a server with accounts, whose members' posts all wait for a moderator. */
export const ACCOUNTS = { GITMSG_ACCOUNTS: 'on', GITMSG_HOLD: 'all', GITMSG_RATE_LIMIT: 'off' }
const PASSWORD = 'correct horse battery'

/** A server, and the folder that it runs in. */
interface Place {
  readonly path: string
  readonly url: string
  /** Default: {@link ACCOUNTS}. */
  readonly settings?: Record<string, string>
}

/** Creates an account on the command line, and resolves with the token of its first session. */
export async function createSession(
  { path, url, settings = ACCOUNTS }: Place,
  words: readonly string[],
): Promise<string> {
  const created = gitmsg(path, ['account', 'create', ...words, '--json'], settings)
  if (created.status !== 0) throw new Error(created.stderr)
  const link = String(JSON.parse(created.stdout).link).split('#')[1] ?? ''
  return (await createClient({ url }).resetPassword({ link, password: PASSWORD })).token
}

/** Signs in with the password of every account that {@link createSession} has created. */
export const signIn = async (url: string, handle: string): Promise<string> =>
  (await createClient({ url }).signIn({ handle, password: PASSWORD })).token
