import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openAccounts } from '@gitmsg/accounts'
import Database from 'better-sqlite3'
import { inTemporaryFolder } from '../data/folders.js'
import type { Readings } from '../report/compare.js'

const SESSIONS = 1_000
const PASSES = 20
/** Passwords are not measured. */
const CHEAP = { memory: 64, passes: 1 }

/** A way to find out whose token it is. */
interface Checker extends AsyncDisposable {
  readonly tokens: readonly string[]
  check(token: string): Promise<boolean>
  /** What happens between two passes over the tokens. */
  pass(): Promise<void>
}

/** A contender. */
export interface SessionCheck {
  readonly name: string
  open(folder: string): Promise<Checker>
}

/** Gitmsg's accounts, where nothing was written since a token was seen, or something was; and a reference. */
export const SESSION_CHECKS: readonly SessionCheck[] = [
  { name: 'gitmsg', open: (folder) => openGitmsg(folder, async () => {}) },
  {
    name: 'gitmsg, after a write',
    open: (folder) => openGitmsg(folder, (accounts) => accounts.audit.record({ actor: 'a', action: 'x' })),
  },
  { name: 'SHA-256 and a row of SQLite', open: openBare },
]

/** Checks every token once in each pass, one after another. Nothing else runs meanwhile. */
export const measureSessionChecks = ({ open }: SessionCheck): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    await using checker = await open(folder)
    let microseconds = 0
    for (let pass = 0; pass <= PASSES; pass += 1) {
      await checker.pass()
      const before = process.cpuUsage()
      for (const token of checker.tokens) {
        if (!(await checker.check(token))) throw new Error('a valid token was rejected')
      }
      const { user, system } = process.cpuUsage(before)
      // The first pass is the warm-up.
      if (pass > 0) microseconds += user + system
    }
    return { 'processor µs': microseconds / (PASSES * SESSIONS) }
  })

type Accounts = Awaited<ReturnType<typeof openAccounts>>

async function openGitmsg(folder: string, pass: (accounts: Accounts) => Promise<void>): Promise<Checker> {
  const accounts = await openAccounts({ path: join(folder, 'accounts.db'), passwordCost: CHEAP })
  const tokens: string[] = []
  for (let number = 0; number < SESSIONS; number += 1) {
    const joining = { link: null, handle: `person-${number}`, password: 'correct horse battery' }
    tokens.push((await accounts.join(joining)).token)
  }
  return {
    tokens,
    check: async (token) => (await accounts.authenticate(token)) !== null,
    pass: () => pass(accounts),
    [Symbol.asyncDispose]: accounts.close,
  }
}

/** One table of digests, and a prepared statement. */
async function openBare(folder: string): Promise<Checker> {
  const database = new Database(join(folder, 'bare.db'))
  database.exec('create table tokens (digest text primary key, handle text not null) without rowid')
  const insert = database.prepare('insert into tokens values (?, ?)')
  const select = database.prepare('select handle from tokens where digest = ?')
  const digestOf = (token: string) => createHash('sha256').update(token).digest('hex')
  const tokens = Array.from({ length: SESSIONS }, () => randomBytes(32).toString('base64url'))
  database.transaction(() => {
    for (const [number, token] of tokens.entries()) insert.run(digestOf(token), `person-${number}`)
  })()
  return {
    tokens,
    check: async (token) => select.get(digestOf(token)) !== undefined,
    pass: async () => {},
    async [Symbol.asyncDispose]() {
      database.close()
    },
  }
}
