import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeMessageFile } from '../format/message-file.js'
import { aroundPublishing } from '../testing/faulty-backends.js'
import { historyOf, openNode } from '../testing/open-node.js'
import { rollBack } from '../testing/rewrite-branch.js'

/**
 * The protocol under arbitrary schedules: two servers on one repository post, import and dispatch in any order, die
 * between any two steps, lose responses, and the branch loses commits. `GITMSG_SCHEDULES` sets the number of
 * schedules, `GITMSG_SEED` repeats a run.
 */
const SCHEDULES = Number(process.env.GITMSG_SCHEDULES ?? 60)
const SEED = process.env.GITMSG_SEED ? { seed: Number(process.env.GITMSG_SEED) } : {}

type Fault = 'none' | 'dies before publishing' | 'dies after publishing' | 'dies while reading'
type Step =
  | { readonly kind: 'post' | 'dispatch' | 'import'; readonly server: 0 | 1; readonly fault: Fault }
  | { readonly kind: 'roll back'; readonly commits: number }

const server = fc.constantFrom<0 | 1>(0, 1)
const fault = (...faults: Fault[]) => fc.constantFrom<Fault>('none', 'none', ...faults)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('post' as const), server, fault: fault() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('dispatch' as const),
      server,
      fault: fault('dies before publishing', 'dies after publishing'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      server,
      fault: fault('dies while reading'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('roll back' as const), commits: fc.nat(6) }) },
)

const died = () => new GitSyncError('unknown-outcome', 'the server died')

/** A backend that fails in the way chosen for the next step. */
function unreliable(backend: GitBackend, chosen: { fault: Fault }): GitBackend {
  return {
    ...aroundPublishing(backend, async (publish) => {
      if (chosen.fault === 'dies before publishing') throw died()
      const published = await publish()
      if (chosen.fault === 'dies after publishing') throw died()
      return published
    }),
    async *changesSince(cursor, options) {
      let read = 0
      for await (const commit of backend.changesSince(cursor, options)) {
        if (chosen.fault === 'dies while reading' && read > 0) throw died()
        read += 1
        yield commit
      }
    },
  }
}

it('two servers lose nothing, double nothing and agree in the end, under any schedule', async () => {
  let faults = 0
  let rollBacks = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 30 }), async (steps) => {
      const repository = createMemoryRepository()
      const chosen: { fault: Fault }[] = [{ fault: 'none' }, { fault: 'none' }]
      const open = (index: 0 | 1) =>
        openNode({ repository, wrap: (backend) => unreliable(backend, chosen[index] as { fault: Fault }) })
      await using first = await open(0)
      await using second = await open(1)
      const servers = [first, second] as const
      const posted = new Map<string, string>()

      for (const [number, step] of steps.entries()) {
        if (step.kind === 'roll back') {
          rollBack(repository, step.commits)
          rollBacks += 1
          continue
        }
        const node = servers[step.server]
        const next = chosen[step.server] as { fault: Fault }
        next.fault = step.fault
        if (step.kind === 'post') posted.set((await node.post(`message ${number}`)).uid, `message ${number}`)
        else faults += await failuresOf(step.kind === 'dispatch' ? node.dispatchOnce : node.importOnce)
        next.fault = 'none'
      }

      for (let round = 0; round < 6; round += 1) {
        for (const node of servers) {
          await failuresOf(node.importOnce)
          await failuresOf(node.dispatchOnce)
        }
      }
      await expectAgreement(servers, posted)
    }),
    { numRuns: SCHEDULES, ...SEED },
  )
  expect(faults).toBeGreaterThan(0)
  expect(rollBacks).toBeGreaterThan(0)
})

/** Takes a step; resolves with 1 if it failed as steps may fail, and rejects for anything else. */
async function failuresOf(take: () => Promise<unknown>): Promise<number> {
  try {
    await take()
    return 0
  } catch (error) {
    if (error instanceof GitSyncError) return 1
    throw error
  }
}

async function expectAgreement(
  servers: readonly Awaited<ReturnType<typeof openNode>>[],
  posted: ReadonlyMap<string, string>,
): Promise<void> {
  const history = await historyOf(servers[0]?.backend as GitBackend)
  const files = history.flatMap(({ hash, files }) => files.map((file) => ({ hash, ...file })))
  const ofMessages = files.filter(({ path }) => path.startsWith('messages/'))
  expect(ofMessages).toHaveLength(posted.size)

  for (const { store } of servers) {
    const messages = await store.listMessages({ limit: 1000 })
    expect(new Map(messages.map(({ uid, content }) => [uid, content]))).toEqual(posted)
    for (const message of messages) {
      const file = ofMessages.find(({ path }) => path === message.path)
      expect({ hash: file?.hash, text: Buffer.from(file?.content ?? []).toString() }).toEqual({
        hash: message.git_hash,
        text: encodeMessageFile(message),
      })
    }
    expect(await store.summary()).toMatchObject({ pending: 0, quarantined: 0 })
  }
}
