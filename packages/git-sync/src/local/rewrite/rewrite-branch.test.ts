import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { append, type CommitHash } from '../../git-backend.js'
import { draft, file, last, subjectsSince } from '../../testing/drafts.js'
import type { LocalBackendOptions } from '../local-options.js'
import { createGitWrapper, installHook } from '../testing/git-wrapper.js'
import { type LocalFixture, plainGit, withLocalFixture } from '../testing/local-fixture.js'
import { rewriteBranch } from './rewrite-branch.js'

const ERASED = { path: 'secret', content: 'erased\n' }
const SECRET = 'a secret text'

/** A branch of four commits, the second of which adds the secret, and the fourth changes it. */
async function writeSecret({ open }: LocalFixture, options: { readonly remote?: null } = {}) {
  const backend = open('copy.git', options)
  const commits = [
    draft('one'),
    draft('two', file('secret', SECRET)),
    draft('three'),
    draft('four', file('secret', `more than ${SECRET}`)),
  ]
  const hashes = await append(backend, { parent: null, commits })
  await backend.close()
  return { hashes, tip: last(hashes) }
}

const optionsOf = ({ folder, remote }: LocalFixture): LocalBackendOptions => ({
  directory: join(folder, 'copy.git'),
  remote,
})

const tipOf = async (directory: string): Promise<CommitHash> =>
  (await plainGit(directory, 'rev-parse', 'main')).trim()

/** Whether any object has the text, reachable or not. */
const hasSecret = async (directory: string): Promise<boolean> =>
  (await plainGit(directory, 'cat-file', '--batch', '--batch-all-objects')).includes(SECRET)

describe('rewriteBranch()', () => {
  it(
    'forces the remote, and a backend on another copy finds its cursor gone',
    withLocalFixture(async (fixture) => {
      const { hashes, tip } = await writeSecret(fixture)
      const other = fixture.open('other.git')
      expect(await subjectsSince(other)).toEqual(['one', 'two', 'three', 'four'])
      const result = await rewriteBranch(optionsOf(fixture), [ERASED], { tip })
      const newTip = await tipOf(fixture.remote)
      expect(result).toEqual({
        ...{ oldTip: tip, newTip, first: hashes[1], rewritten: 2, dropped: 1 },
        ...{ otherRefs: [], remaining: 0 },
      })
      await expect(subjectsSince(other, tip)).rejects.toMatchObject({ code: 'unknown-cursor' })
      expect(await subjectsSince(other)).toEqual(['one', 'two', 'three'])
      expect(await plainGit(fixture.remote, 'show', 'main:secret')).toBe('erased\n')
      expect((await plainGit(fixture.remote, 'rev-parse', 'main~2')).trim()).toBe(hashes[0])
      expect(await hasSecret(join(fixture.folder, 'copy.git'))).toBe(false)
      expect(await tipOf(join(fixture.folder, 'copy.git'))).toBe(newTip)
    }),
  )

  it(
    'keeps encodings and drops signatures',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture, { remote: null })
      const directory = join(fixture.folder, 'copy.git')
      const tree = (await plainGit(directory, 'rev-parse', 'main^{tree}')).trim()
      const by = 'Ren\xe9 <r@example.com> 1700000000 +0100'
      const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc\n -----END PGP SIGNATURE-----\n'
      const text = `tree ${tree}\nparent ${tip}\nauthor ${by}\ncommitter ${by}\nencoding latin1\n${signature}\ncaf\xe9`
      const hashing = promisify(execFile)('git', [
        '-C',
        directory,
        'hash-object',
        '-t',
        'commit',
        '-w',
        '--stdin',
      ])
      hashing.child.stdin?.end(Buffer.from(text, 'latin1'))
      const signed = (await hashing).stdout.trim()
      await plainGit(directory, 'update-ref', 'refs/heads/main', signed)
      const { newTip } = await rewriteBranch({ directory }, [ERASED], { tip: signed })
      const commit = await plainGit(directory, 'cat-file', 'commit', newTip as string)
      expect(commit).not.toContain('gpgsig')
      expect(commit).toContain('encoding latin1')
      expect(await plainGit(directory, 'log', '-1', '--format=%an %ae %ai %s')).toBe(
        'René r@example.com 2023-11-14 23:13:20 +0100 café\n',
      )
    }),
  )

  it(
    'reports other refs and protected packs that still have old contents',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture, { remote: null })
      const directory = join(fixture.folder, 'copy.git')
      await plainGit(directory, 'tag', 'copy', 'main~1')
      const result = await rewriteBranch({ directory }, [ERASED], { tip })
      expect(result).toMatchObject({ otherRefs: ['refs/tags/copy'], remaining: 1 })
      await plainGit(directory, 'tag', '-d', 'copy')
      const again = await rewriteBranch({ directory }, [ERASED], { tip: result.newTip as string })
      expect(again).toMatchObject({ first: null, rewritten: 0, newTip: result.newTip })
      expect(await hasSecret(directory)).toBe(false)
    }),
  )

  it(
    'a dry run counts, and builds nothing',
    withLocalFixture(async (fixture) => {
      const { hashes, tip } = await writeSecret(fixture)
      const options = { tip, dryRun: true }
      const counts = { first: hashes[1], rewritten: 2, dropped: 1, newTip: null }
      expect(await rewriteBranch(optionsOf(fixture), [ERASED], options)).toMatchObject(counts)
      const { directory } = optionsOf(fixture)
      expect(await plainGit(directory, 'rev-list', '--all')).toBe(`${hashes.toReversed().join('\n')}\n`)
      expect(await tipOf(fixture.remote)).toBe(tip)
    }),
  )
})

describe('rewriteBranch() rejects', () => {
  /** What must be as before after a rejection: everything. */
  async function expectUnchanged(fixture: LocalFixture, tip: string): Promise<void> {
    const { directory } = optionsOf(fixture)
    expect(await tipOf(fixture.remote)).toBe(tip)
    expect(await plainGit(directory, 'for-each-ref', 'refs/gitmsg/rewrite')).toBe('')
    expect(await plainGit(fixture.remote, 'show', 'main:secret')).toContain(SECRET)
  }

  it(
    'with stale-head a branch that has moved before',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      const other = fixture.open('other.git')
      const moved = last(await append(other, { parent: tip, commits: [draft('five')] }))
      const rewriting = rewriteBranch(optionsOf(fixture), [ERASED], { tip })
      await expect(rewriting).rejects.toMatchObject({ code: 'stale-head' })
      await expectUnchanged(fixture, moved)
    }),
  )

  it(
    'with stale-head a branch that moves while the commits are built',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      const { folder, remote } = fixture
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = push ]; then fault
         next=$(GIT_DIR='${remote}' real -c user.name=x -c user.email=x commit-tree -p main -m other 'main^{tree}')
         GIT_DIR='${remote}' real update-ref refs/heads/main $next; fi`,
      )
      const rewriting = rewriteBranch({ ...optionsOf(fixture), environment: wrapper.environment }, [ERASED], {
        tip,
      })
      await expect(rewriting).rejects.toMatchObject({ code: 'stale-head' })
      expect(await wrapper.faults()).toBe(1)
      const moved = await tipOf(remote)
      expect((await plainGit(remote, 'rev-parse', 'main^')).trim()).toBe(tip)
      await expectUnchanged(fixture, moved)
    }),
  )

  it(
    'with stale-head a local branch that moves while the commits are built',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture, { remote: null })
      const directory = join(fixture.folder, 'copy.git')
      const wrapper = await createGitWrapper(
        fixture.folder,
        `if [ "$1" = diff-tree ]; then fault; real update-ref refs/heads/main ${tip}~1; fi`,
      )
      const { environment } = wrapper
      const rewriting = rewriteBranch({ directory, environment }, [ERASED], { tip })
      await expect(rewriting).rejects.toMatchObject({ code: 'stale-head' })
      expect(await wrapper.faults()).toBe(1)
      expect(await hasSecret(directory)).toBe(true)
    }),
  )

  it(
    'what the remote rejects, with its reason',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      await plainGit(fixture.remote, 'config', 'receive.denyNonFastForwards', 'true')
      const protecting = rewriteBranch(optionsOf(fixture), [ERASED], { tip })
      await expect(protecting).rejects.toMatchObject({ code: 'rejected' })
      await plainGit(fixture.remote, 'config', 'receive.denyNonFastForwards', 'false')
      await installHook(fixture.remote, 'pre-receive', 'echo protected; exit 1')
      const hooked = rewriteBranch(optionsOf(fixture), [ERASED], { tip })
      await expect(hooked).rejects.toMatchObject({
        code: 'rejected',
        message: expect.stringContaining('protected'),
      })
      await expectUnchanged(fixture, tip)
    }),
  )

  it(
    'a stream that git cannot write or read to its end',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      for (const [command, script] of [
        ['fast-import', 'echo "fatal: No space left on device" >&2; exit 128'],
        ['fast-export', 'real "$@" | head -c 700; exit 0'],
      ]) {
        const folder = join(fixture.folder, String(command))
        await mkdir(folder)
        const wrapper = await createGitWrapper(folder, `if [ "$1" = ${command} ]; then fault; ${script}; fi`)
        const rewriting = rewriteBranch(
          { ...optionsOf(fixture), environment: wrapper.environment },
          [ERASED],
          { tip },
        )
        await expect(rewriting).rejects.toMatchObject({ code: 'unavailable' })
        expect(await wrapper.faults()).toBe(1)
      }
      await expectUnchanged(fixture, tip)
    }),
  )

  it(
    'invalid arguments before it touches anything',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      const options = optionsOf(fixture)
      for (const [rewrites, at] of [
        [[], tip],
        [[ERASED, ERASED], tip],
        [[{ path: '../x', content: '' }], tip],
        [[{ ...ERASED, commit: { ...draft('x'), message: ' ' } }], tip],
        [[ERASED], 'main'],
      ] as const) {
        const rewriting = rewriteBranch(options, rewrites, { tip: at })
        await expect(rewriting).rejects.toMatchObject({ code: 'invalid-change' })
      }
      await expectUnchanged(fixture, tip)
    }),
  )

  it(
    'when its signal aborts, and changes nothing',
    withLocalFixture(async (fixture) => {
      const { tip } = await writeSecret(fixture)
      const wrapper = await createGitWrapper(
        fixture.folder,
        'if [ "$1" = fast-import ]; then fault; sleep 60; fi',
      )
      const controller = new AbortController()
      const timer = setInterval(async () => {
        if ((await wrapper.faults()) > 0) controller.abort()
      }, 10)
      const options = { tip, signal: controller.signal }
      const local = { ...optionsOf(fixture), environment: wrapper.environment }
      const aborted = expect.objectContaining({ code: 'aborted' })
      expect(await rewriteBranch(local, [ERASED], options).catch((error) => error)).toEqual(aborted)
      clearInterval(timer)
      await expectUnchanged(fixture, tip)
    }),
  )
})
