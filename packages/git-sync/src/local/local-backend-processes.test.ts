import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, subjectsSince } from '../testing/drafts.js'
import { createGitWrapper, installHook } from './testing/git-wrapper.js'
import { plainGit, withLocalFixture } from './testing/local-fixture.js'
import { childrenOfThisProcess, processesIn } from './testing/processes.js'

describe('git that is not as it should be', () => {
  it(
    'is reported when it is missing, too old, or not Git',
    withLocalFixture(async ({ folder, open }) => {
      const missing = open('a.git', { environment: { PATH: join(folder, 'nothing') } })
      await expect(missing.head()).rejects.toMatchObject({ code: 'misconfigured' })
      const old = await createGitWrapper(folder, 'fault; echo git version 2.30.9; exit 0')
      const outdated = open('b.git', old)
      await expect(outdated.head()).rejects.toMatchObject({ code: 'misconfigured', message: /too old/ })
      expect(await old.faults()).toBe(1)
    }),
  )

  // Covers IN-70
  it(
    'cannot fill our memory with what it says',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        'if [ "$1" = ls-remote ]; then fault; head -c 200000000 /dev/zero >&2; echo gone wrong >&2; exit 1; fi',
      )
      const before = process.memoryUsage().rss
      const error = await open('copy.git', wrapper)
        .head()
        .catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'unavailable' })
      expect(error.message.length).toBeLessThan(1000)
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
      expect(await wrapper.faults()).toBe(1)
    }),
  )

  // Covers V13.2.2
  it(
    'does not obey a hostile environment',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(folder, `env >> '${folder}/seen'; fault`)
      const backend = open('copy.git', {
        environment: {
          ...wrapper.environment,
          GIT_DIR: '/nowhere',
          GIT_INDEX_FILE: '/nowhere',
          GIT_CONFIG_PARAMETERS: "'core.bare'='false'",
          GIT_EXEC_PATH: '/nowhere',
          GIT_TRACE: '1',
          LC_ALL: 'tr_TR.UTF-8',
          LD_PRELOAD: '/nowhere',
        },
      })
      await append(backend, { parent: null, commits: [draft('one')] })
      await backend.close()
      expect(await wrapper.faults()).toBeGreaterThan(3)
      const seen = await readFile(join(folder, 'seen'), 'utf8')
      expect(seen).not.toMatch(/nowhere|GIT_TRACE|tr_TR|GIT_CONFIG_PARAMETERS|^npm_|^VITEST/m)
      expect(seen).toContain('LC_ALL=C')
    }),
  )
})

describe('processes', () => {
  it(
    'are ended at their deadline when a remote accepts and never answers',
    withLocalFixture(async ({ folder, open }) => {
      let connections = 0
      const hole = createServer(() => (connections += 1))
      await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve))
      const { port } = hole.address() as { port: number }
      for (const scheme of ['http', 'git']) {
        const remote = `${scheme}://127.0.0.1:${port}/${folder.split(' ').at(-1)}`
        const backend = open(`${scheme}.git`, { remote, timeouts: { query: 300 } })
        const began = performance.now()
        await expect(backend.head()).rejects.toMatchObject({ code: 'unavailable' })
        expect(performance.now() - began).toBeLessThan(5000)
        await backend.close()
        expect(processesIn(remote)).toEqual([])
      }
      expect(connections).toBe(2)
      hole.close()
    }),
  )

  it(
    'are ended together with the hook that holds them, when the backend is closed',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'pre-receive', `touch '${folder}/held'; sleep 60`)
      const backend = open('copy.git')
      const appending = append(backend, { parent: null, commits: [draft('one')] }).catch((error) => error)
      await expect.poll(() => readdir(folder), { timeout: 5000 }).toContain('held')
      expect(processesIn(remote)).not.toEqual([])
      await backend.close()
      expect(await appending).toMatchObject({ code: 'unknown-outcome' })
      expect(processesIn(remote)).toEqual([])
    }),
  )

  it(
    'are gone once a consumer has stopped reading',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { remote: null })
      const commits = Array.from({ length: 300 }, (_, index) => draft(`${index}`))
      await append(backend, { parent: null, commits })
      for await (const _ of backend.changesSince(null)) {
        expect(childrenOfThisProcess()).toEqual(expect.arrayContaining([expect.stringContaining('cat-file')]))
        break
      }
      expect(childrenOfThisProcess()).toEqual([])
      expect(processesIn(folder)).toEqual([])
    }),
  )

  it(
    'may be killed in the middle of a batch, which then can be written again',
    withLocalFixture(async ({ folder, open }) => {
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = fast-import ] && [ ! -e '${folder}/killed' ]; then
           touch '${folder}/killed'; fault; head -c 20000 | real "$@" & sleep 0.3; kill -9 $$; fi`,
      )
      const backend = open('copy.git', wrapper)
      const commits = Array.from({ length: 200 }, (_, index) => draft(`${index}`, file(`${index}`)))
      const request = { parent: null, commits }
      await expect(append(backend, request)).rejects.toMatchObject({ code: 'unavailable' })
      expect(await wrapper.faults()).toBe(1)
      await append(backend, request)
      expect(await subjectsSince(backend)).toHaveLength(200)
      expect(await plainGit(join(folder, 'copy.git'), 'fsck', '--strict', '--no-dangling')).toBe('')
    }),
  )
})
