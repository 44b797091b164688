import { createClient } from '@gitmsg/client'
import { gitmsg } from './gitmsg.js'

/** The settings of a server with accounts, whose members' posts all wait for a moderator. */
export const ACCOUNTS = { GITMSG_ACCOUNTS: 'on', GITMSG_HOLD: 'all', GITMSG_RATE_LIMIT: 'off' }
const PASSWORD = 'correct horse battery'

/** Creates an account on the command line, and resolves with the token of its first session. */
export async function createSession(cwd: string, url: string, words: readonly string[]): Promise<string> {
  const created = gitmsg(cwd, ['account', 'create', ...words, '--json'], ACCOUNTS)
  if (created.status !== 0) throw new Error(created.stderr)
  const link = String(JSON.parse(created.stdout).link).split('#')[1] ?? ''
  return (await createClient({ url }).resetPassword({ link, password: PASSWORD })).token
}

/** Signs in with the password of every account that {@link createSession} has created. */
export const signIn = async (url: string, handle: string): Promise<string> =>
  (await createClient({ url }).signIn({ handle, password: PASSWORD })).token
