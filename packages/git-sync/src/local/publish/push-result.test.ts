import { describe, expect, it } from 'vitest'
import { parsePushResult } from './push-result.js'

const OLD = 'a'.repeat(40)
const NEW = 'b'.repeat(40)
const REF = 'refs/heads/main'

const parsed = (
  line: string,
  { stderr = '', exitCode = 1 }: { stderr?: string; exitCode?: number | null } = {},
) => parsePushResult({ exitCode, stderr, stdout: `To /srv/a.git\n${line}\nDone\n` }, REF)

describe('parsePushResult', () => {
  it('tells what the remote accepted, and where its branch was', () => {
    expect(parsed(` \t${NEW}:${REF}\t${OLD}..${NEW}`)).toEqual({ kind: 'accepted', previous: OLD })
    const forced = parsed(`+\t${NEW}:${REF}\t${OLD}...${NEW} (forced update)`)
    expect(forced).toEqual({ kind: 'accepted', previous: OLD })
    expect(parsed(`*\t${NEW}:${REF}\t[new branch]`)).toEqual({ kind: 'accepted', previous: null })
    expect(parsed(`=\t${NEW}:${REF}\t[up to date]`)).toEqual({ kind: 'accepted', previous: undefined })
  })

  it.each([
    '[rejected] (fetch first)',
    '[rejected] (non-fast-forward)',
    '[rejected] (stale info)',
    '[remote rejected] (incorrect old value provided)',
  ])('is stale: %s', (summary) => expect(parsed(`!\t${NEW}:${REF}\t${summary}`)).toEqual({ kind: 'stale' }))

  it.each([
    `[remote rejected] (cannot lock ref '${REF}': is at ${OLD} but expected ${NEW})`,
    '[remote rejected] (failed to update ref)',
    '[remote rejected] (unpacker error)',
    '[remote failure] (remote failed to report status)',
  ])('is unclear: %s', (summary) => {
    const stderr = 'remote: running hooks'
    expect(parsed(`!\t${NEW}:${REF}\t${summary}`, { stderr })).toMatchObject({
      kind: 'unclear',
      failure: { code: 'unavailable' },
    })
  })

  it.each(['*', ' ', '!'])('is unclear for a push that was killed after it had printed "%s"', (flag) => {
    expect(parsed(`${flag}\t${NEW}:${REF}\t[new branch]`, { exitCode: null })).toMatchObject({
      kind: 'unclear',
      failure: { code: 'unavailable' },
    })
  })

  it.each(['0', '0 (from 0)'])(
    'has the reason that the remote printed at the end of the line "Total ... %s"',
    (end) => {
      const reason =
        "cannot lock ref 'refs/heads/main': 'refs/heads/main/old' exists; cannot create 'refs/heads/main'"
      const stderr = `Total 1 (delta 0), reused 0 (delta 0), pack-reused ${end}remote: error: ${reason}        \n\n`
      expect(parsed(`!\t${NEW}:${REF}\t[remote rejected] (failed to update ref)`, { stderr })).toMatchObject({
        failure: { code: 'misconfigured', message: expect.stringContaining(reason) },
      })
    },
  )

  it('a rejection is not a success, and has the reason of the remote', () => {
    const hook = parsed(`!\t${NEW}:${REF}\t[remote rejected] (pre-receive hook declined)`, {
      stderr: 'remote: secret found in a.json        \nerror: failed to push some refs',
    })
    expect(hook).toEqual({
      kind: 'rejected',
      reason: '[remote rejected] (pre-receive hook declined); secret found in a.json',
    })
    const fsck = parsed(`!\t${NEW}:${REF}\t[remote rejected] (unpacker error)`, {
      stderr: 'remote: error: object aa: badTimezone\nremote: fatal: fsck error in packed object',
    })
    expect(fsck).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('badTimezone') })
  })

  it.each([
    ['rejected', 'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413'],
    [
      'rate-limited',
      'error: RPC failed; HTTP 429 curl 22 The requested URL returned error: 429: request too large',
    ],
  ])('a limit is %s, whichever numbers the progress counts through', (code, words) => {
    const stderr = `Writing objects:  61% (429/703)\rWriting objects:  70% (413/590)\r\n${words}\n`
    const failure = { code, message: expect.stringContaining(words) }
    expect(parsed('', { stderr })).toMatchObject({ kind: 'unclear', failure })
  })

  // Covers IN-70
  it('neither an exit code nor a line about another branch is a result', () => {
    const other = parsed(`*\t${NEW}:refs/heads/other-main\t[new branch]`, { exitCode: 0 })
    expect(other).toMatchObject({ kind: 'unclear', failure: { code: 'unavailable' } })
  })
})
