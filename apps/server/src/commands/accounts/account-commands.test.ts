import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAccounts } from '@gitmsg/accounts'
import { CommanderError } from 'commander'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run as runGitmsg } from '../../testing/run-gitmsg.js'
import { PASSWORD } from '../../testing/servers/open-account-server.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitmsg-accounts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const environment = () => ({ GITMSG_ACCOUNTS: 'on', GITMSG_DATA_DIR: folder })
/** Runs a command, and returns what it printed. */
const run = (...words: string[]) => runGitmsg(words, environment())
const runJson = async (...words: string[]) => {
  const lines = (await run(...words, '--json')).split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line))
}
const open = () =>
  openAccounts({ path: join(folder, 'accounts.db'), passwordCost: { memory: 64, passes: 1 } })
const secretOf = (link: string) => link.trim().split('#')[1] ?? ''

describe('gitmsg account', () => {
  it('create prints a link with which the first admin chooses a password', async () => {
    const link = await run('account', 'create', 'ada', '--admin')
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/#gitmsgr_[\w-]{43}\n$/)
    await using accounts = await open()
    const { account } = await accounts.reset({ link: secretOf(link), password: PASSWORD })
    expect(account).toMatchObject({ handle: 'ada', role: 'admin', created_by: 'command line' })
  })

  it('manages accounts, as JSON and as text', async () => {
    const [created] = await runJson('account', 'create', 'ada', '--admin')
    expect(created).toMatchObject({
      handle: 'ada',
      role: 'admin',
      link: expect.stringContaining('#gitmsgr_'),
    })
    expect(await runJson('account', 'create', 'bot', '--service')).toEqual([
      expect.not.objectContaining({ link: expect.anything() }),
    ])
    expect(await run('account', 'list')).toMatch(/^ada +person +admin .*\nbot +service +member .*\n$/)
    expect(await runJson('account', 'role', 'bot', 'reader')).toMatchObject([{ role: 'reader' }])
    expect(await runJson('account', 'disable', 'bot')).toMatchObject([{ disabled: true }])
    expect(await run('account', 'disable', 'bot', '--enable')).not.toContain('disabled')
    expect((await runJson('account', 'list')).map(({ handle }) => handle)).toEqual(['ada', 'bot'])
    expect(await runJson('account', 'reset', 'ada')).toMatchObject([{ link: expect.any(String) }])
  })

  it.each([
    ['account', 'create', 'Ada'],
    ['account', 'role', 'ada', 'root'],
    ['invite', '--uses', '0'],
    ['invite', '--role', 'root'],
    ['moderation', 'approve', 'x'],
    ['token', 'create', '--account', 'Ada', '--scope', 'read'],
  ])('rejects what is not valid: %s %s %s %s', async (...words) => {
    await expect(run(...words)).rejects.toBeInstanceOf(CommanderError)
  })

  it('fails for what is unknown, taken or the last admin', async () => {
    await run('account', 'create', 'ada', '--admin')
    await expect(run('account', 'create', 'ada')).rejects.toThrow('taken')
    await expect(run('account', 'disable', 'bob')).rejects.toThrow('no account has this handle')
    await expect(run('account', 'disable', 'ada')).rejects.toThrow('the last admin must stay one')
    await expect(run('moderation', 'reject', '1')).rejects.toThrow('no post with this number waits')
  })
})

describe('gitmsg invite', () => {
  it('prints a link with which people join', async () => {
    const [invitation] = await runJson('invite', '--role', 'moderator', '--uses', '2')
    expect(invitation).toMatchObject({ role: 'moderator', uses: 2 })
    await using accounts = await open()
    for (const handle of ['ada', 'bob']) {
      const joined = await accounts.join({ link: secretOf(invitation.link), handle, password: PASSWORD })
      expect(joined.account.role).toBe('moderator')
    }
  })

  it('links to the public address', async () => {
    const words = ['invite']
    const settings = { ...environment(), GITMSG_PUBLIC_URL: 'https://chat.example.org' }
    expect(await runGitmsg(words, settings)).toMatch(/^https:\/\/chat\.example\.org\/#gitmsgj_/)
  })
})

describe('gitmsg token create --account', () => {
  it('prints a token of a service, for the senders of a pattern', async () => {
    await run('account', 'create', 'irc', '--service')
    const words = ['token', 'create', '--account', 'irc', '--scope', 'read,write', '--sender', 'irc/*']
    const [created] = await runJson(...words)
    expect(created).toMatchObject({ account: 'irc', sender: 'irc/*', scopes: ['read', 'write'] })
    await using accounts = await open()
    expect(await accounts.authenticate(created.token)).toMatchObject({ handle: 'irc' })
  })
})
