import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last } from '../../testing/drafts.js'
import { createGitWrapper, installHook } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

describe('a remote that does not accept a push', () => {
  it(
    "publish() rejects with the reason of the remote's hook, without control characters",
    withLocalFixture(async ({ remote, open }) => {
      await installHook(remote, 'pre-receive', 'printf "\\033[31mno secrets\\033[0m, please\\n" >&2; exit 1')
      const backend = open('copy.git')
      const error = await append(backend, { parent: null, commits: [draft('one')] }).catch((thrown) => thrown)
      expect(error).toMatchObject({ code: 'rejected' })
      expect(error.message).toMatch(/pre-receive hook declined.*no secrets.*, please/)
      expect(error.message).not.toMatch(/\p{Cc}/u)
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'publish() rejects with unavailable when the remote sends nothing within the timeout',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'pre-receive', `touch '${folder}/held'; sleep 60`)
      const backend = open('copy.git', { timeouts: { transfer: 500, finish: 500 } })
      const startedAt = performance.now()
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({
        code: 'unavailable',
        message: /git produced no output for 500 ms/,
      })
      expect(performance.now() - startedAt).toBeLessThan(5000)
      expect(await readdir(folder)).toContain('held')
      expect(await backend.head()).toBeNull()
    }),
  )

  it(
    'publish() waits for a slow hook, longer than for a remote that receives nothing',
    withLocalFixture(async ({ remote, open }) => {
      await installHook(remote, 'pre-receive', 'sleep 2')
      const backend = open('copy.git', { timeouts: { transfer: 500, finish: 20_000 } })
      const tip = last(await append(backend, { parent: null, commits: [draft('one')] }))
      expect(await plainGit(remote, 'rev-parse', 'main')).toBe(`${tip}\n`)
    }),
  )

  it(
    'publish() lets curl wait for a slow hook as long',
    withLocalFixture(async ({ folder, open }) => {
      const script = `if [ "$1" = push ]; then fault; echo "$GIT_HTTP_LOW_SPEED_TIME" > '${folder}/seen'; fi`
      const wrapper = await createGitWrapper(folder, script)
      const backend = open('copy.git', { ...wrapper, timeouts: { finish: 90_000 } })
      await append(backend, { parent: null, commits: [draft('one')] })
      expect(await readFile(join(folder, 'seen'), 'utf8')).toBe('90\n')
    }),
  )

  it(
    'publish() does not kill what a hook of the remote leaves running',
    withLocalFixture(async ({ folder, remote, open }) => {
      await installHook(remote, 'post-receive', `(sleep 0.5; touch '${folder}/later') > /dev/null 2>&1 &`)
      await append(open('copy.git'), { parent: null, commits: [draft('one')] })
      await expect.poll(() => readdir(folder), { timeout: 3000 }).toContain('later')
    }),
  )

  it(
    'publish() rejects with unavailable while the branch of the remote is locked',
    withLocalFixture(async ({ remote, open }) => {
      await mkdir(join(remote, 'refs', 'heads'), { recursive: true })
      await writeFile(join(remote, 'refs', 'heads', 'main.lock'), '')
      const backend = open('copy.git')
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )

  it(
    'head() and publish() reject with not-found if the remote does not exist',
    withLocalFixture(async ({ folder, open }) => {
      const backend = open('copy.git', { remote: join(folder, 'nowhere.git') })
      await expect(backend.head()).rejects.toMatchObject({ code: 'not-found' })
      const appending = append(backend, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'not-found' })
    }),
  )
})
