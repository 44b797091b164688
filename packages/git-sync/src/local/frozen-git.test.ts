import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, readAll, subjectsSince } from '../testing/drafts.js'
import { createGitWrapper } from './testing/git-wrapper.js'
import { type LocalFixture, plainGit, withLocalFixture } from './testing/local-fixture.js'

const IDLE_TIMEOUT_MS = 2_000
const commits = Array.from({ length: 50 }, (_, index) => draft(`${index}`, file(`${index}`)))

/** A git that stops itself, with SIGSTOP, before it prints anything of this command; only the first time. */
async function freeze({ folder }: LocalFixture, pattern: string) {
  const wrapper = await createGitWrapper(
    folder,
    `case "$*" in ${pattern}) if [ ! -e '${folder}/frozen' ]; then
       fault
       exec 3<&0
       PATH=/usr/local/bin:/usr/bin:/bin sh -c 'kill -STOP $$; exec git "$@"' git "$@" <&3 &
       echo $! > '${folder}/frozen'; wait; exit 1; fi;; esac`,
  )
  return {
    environment: wrapper.environment,
    faults: wrapper.faults,
    pid: async () => Number(await readFile(join(folder, 'frozen'), 'utf8')),
  }
}

/** A process that has ended may still be listed, as a zombie. */
const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

// At the same time, because they wait for a git that does nothing.
describe.skipIf(process.platform === 'win32')('a git that is frozen', { concurrent: true }, () => {
  it(
    'is given up and killed while it builds commits, and the next attempt succeeds',
    withLocalFixture(async (fixture) => {
      const frozen = await freeze(fixture, 'fast-import*')
      const timeouts = { prepare: IDLE_TIMEOUT_MS }
      const backend = fixture.open('copy.git', { environment: frozen.environment, timeouts })
      await expect(append(backend, { parent: null, commits })).rejects.toMatchObject({
        code: 'unavailable',
        message: `git fast-import was killed: git produced no output for ${IDLE_TIMEOUT_MS} ms`,
      })
      expect(await frozen.faults()).toBe(1)
      expect(isRunning(await frozen.pid())).toBe(false)
      await append(backend, { parent: null, commits })
      expect(await subjectsSince(backend)).toHaveLength(commits.length)
    }),
  )

  it.each([
    ['git log', 'log*'],
    ['git rev-list', 'rev-list*'],
    ['git cat-file', "'cat-file --batch'"],
    ['git cat-file --batch-check', "'cat-file --batch-check'"],
  ])('is given up and killed while it reads commits, and the next attempt succeeds: %s', (subject, pattern) =>
    withLocalFixture(async (fixture) => {
      await append(fixture.open('other.git'), { parent: null, commits })
      const frozen = await freeze(fixture, pattern)
      const timeouts = { read: IDLE_TIMEOUT_MS }
      const backend = fixture.open('copy.git', { environment: frozen.environment, timeouts })
      await expect(readAll(backend, null, { compareWithHead: true })).rejects.toMatchObject({
        code: 'unavailable',
        message: `${subject} was killed: git produced no output for ${IDLE_TIMEOUT_MS} ms`,
      })
      expect(await frozen.faults()).toBe(1)
      expect(isRunning(await frozen.pid())).toBe(false)
      expect(await readAll(backend, null, { compareWithHead: true })).toHaveLength(commits.length)
      expect(await plainGit(join(fixture.folder, 'copy.git'), 'fsck', '--strict', '--no-dangling')).toBe('')
    })(),
  )

  it(
    'is not mistaken for one whose reader is slow',
    withLocalFixture(async ({ open }) => {
      await append(open('other.git'), { parent: null, commits })
      const backend = open('copy.git', { timeouts: { read: 1_000 } })
      let read = 0
      for await (const _ of backend.changesSince(null)) {
        read += 1
        if (read === 1) await new Promise((resolve) => setTimeout(resolve, 2_500))
      }
      expect(read).toBe(commits.length)
    }),
  )
})
