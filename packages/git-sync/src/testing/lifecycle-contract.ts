import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { type OpenBackendFixture, withFixture } from './backend-fixture.js'
import { draft, last, readAll, subjectsSince } from './drafts.js'

const ABORTED = { name: 'GitSyncError', code: 'aborted' }
const fiftyCommits = () => Array.from({ length: 50 }, (_, index) => draft(`number ${index}`))

/** What a backend says about itself, aborting and closing. */
export function describeLifecycle(open: OpenBackendFixture): void {
  describe('info', () => {
    it(
      'info is complete, and its name, branch, remote and preparesAhead never change',
      withFixture(open, async ({ backend, other }) => {
        const constant = ({ limits, ...rest }: typeof backend.info) => rest
        const before = constant(backend.info)
        expect(before).toEqual({
          name: expect.stringMatching(/./),
          branch: expect.stringMatching(/./),
          remote: before.remote === null ? null : expect.stringMatching(/./),
          preparesAhead: expect.any(Boolean),
        })
        for (const limit of ['commits', 'filesPerCommit', 'bytes'] as const) {
          expect(backend.info.limits[limit], limit).toBeGreaterThanOrEqual(1)
          expect(Number.isInteger(backend.info.limits[limit]), limit).toBe(true)
        }
        await append(backend, { parent: null, commits: [draft('one')] })
        expect(constant(backend.info)).toEqual(before)
        expect((await other()).info.branch).toBe(before.branch)
        await backend.close()
        expect(constant(backend.info)).toEqual(before)
      }),
    )
  })

  describe('signals', () => {
    it(
      'every operation rejects with aborted, and changes nothing, if its signal has aborted',
      withFixture(open, async ({ backend }) => {
        const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
        const request = { parent, commits: [draft('two')] }
        const signal = AbortSignal.abort()
        const { publish } = await backend.prepare(request)
        await expect(backend.head({ signal })).rejects.toMatchObject(ABORTED)
        await expect(readAll(backend, null, { signal })).rejects.toMatchObject(ABORTED)
        await expect(backend.prepare(request, { signal })).rejects.toMatchObject(ABORTED)
        await expect(publish({ signal })).rejects.toMatchObject(ABORTED)
        await expect(append(backend, request, { signal })).rejects.toMatchObject(ABORTED)
        expect(await subjectsSince(backend)).toEqual(['one'])
      }),
    )

    it(
      'prepare() and publish() on a new branch reject with aborted, and do not create it, if their signal has aborted',
      withFixture(open, async ({ backend }) => {
        const request = { parent: null, commits: [draft('one')] }
        const signal = AbortSignal.abort()
        await expect(backend.prepare(request, { signal })).rejects.toMatchObject(ABORTED)
        const { publish } = await backend.prepare(request)
        await expect(publish({ signal })).rejects.toMatchObject(ABORTED)
        expect(await backend.head()).toBeNull()
        await publish()
        expect(await subjectsSince(backend)).toEqual(['one'])
      }),
    )

    it(
      'changesSince() rejects when its signal aborts between two commits',
      withFixture(open, async ({ backend }) => {
        await append(backend, { parent: null, commits: fiftyCommits() })
        const controller = new AbortController()
        let seen = 0
        const read = async () => {
          for await (const _ of backend.changesSince(null, { signal: controller.signal })) {
            seen += 1
            controller.abort()
          }
        }
        await expect(read()).rejects.toMatchObject(ABORTED)
        expect(seen).toBe(1)
      }),
    )
  })

  describe('close', () => {
    it(
      'close() runs at the end of an `await using`',
      withFixture(open, async ({ other }) => {
        const escaped = await (async () => {
          await using backend = await other()
          await backend.head()
          return backend
        })()
        await expect(escaped.head()).rejects.toMatchObject(ABORTED)
      }),
    )

    it(
      'close() may be called twice, also before the first operation, and every operation rejects afterwards',
      withFixture(open, async ({ backend, other }) => {
        const unused = await other()
        await unused.close()
        await unused.close()

        const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
        await backend.close()
        await backend.close()
        await expect(backend.head()).rejects.toMatchObject(ABORTED)
        await expect(readAll(backend)).rejects.toMatchObject(ABORTED)
        await expect(backend.prepare({ parent, commits: [draft('two')] })).rejects.toMatchObject(ABORTED)
      }),
    )

    it(
      'publish() rejects with aborted, and publishes nothing, if the backend was closed after prepare()',
      withFixture(open, async ({ backend, other }) => {
        const observer = await other()
        const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
        const { publish } = await backend.prepare({ parent, commits: [draft('two')] })
        await backend.close()
        await expect(publish()).rejects.toMatchObject(ABORTED)
        expect(await subjectsSince(observer)).toEqual(['one'])
      }),
    )
  })
}
