import { type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { branchOf, createMemoryRepository, type MemoryRepository } from '@gitmsg/git-sync/memory'
import { openTemporaryStore } from '@gitmsg/store/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeMessageFile, type MessageFile } from '../format/message-file.js'
import { restore } from '../history/restore.js'
import { aroundPublishing } from '../testing/faulty-backends.js'
import { everythingIn, openNode } from '../testing/open-node.js'
import { rewriteBranch, rollBack } from '../testing/rewrite-branch.js'
import { verify } from '../verify/verify.js'

/**
 * The importer's rule under arbitrary schedules: three servers on one repository post, edit, delete, import and
 * dispatch in any order, lose responses, die before and after publishing, and the branch loses commits or is purged by
 * its operator. `GITMSG_SCHEDULES` sets the number of schedules, `GITMSG_SEED` repeats a run.
 */
const SCHEDULES = Number(process.env.GITMSG_SCHEDULES ?? 120)
const SEED = process.env.GITMSG_SEED ? { seed: Number(process.env.GITMSG_SEED) } : {}

type Fault = 'none' | 'before publishing' | 'after publishing'
type Node = Awaited<ReturnType<typeof openNode>>

const server = fc.nat(2)
const pick = fc.nat(999)
const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('post' as const), server, pick }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edit' as const), server, pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), server, pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('import' as const), server }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('dispatch' as const),
      server,
      fault: fc.constantFrom<Fault>('none', 'none', 'none', 'before publishing', 'after publishing'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disturb' as const), pick }) },
)

/** A rollback that loses a tombstone brings a purged text back; so a schedule has one or the other. */
const disturbance = fc.constantFrom<'roll back' | 'purge'>('roll back', 'purge')

const died = () => new GitSyncError('unknown-outcome', 'the server died')

function unreliable(backend: GitBackend, chosen: { fault: Fault }): GitBackend {
  return aroundPublishing(backend, async (publish) => {
    if (chosen.fault === 'before publishing') throw died()
    const published = await publish()
    if (chosen.fault === 'after publishing') throw died()
    return published
  })
}

/** The versions on the branch, in the order of its commits. */
const versionsOn = (repository: MemoryRepository): MessageFile[] =>
  branchOf(repository, 'main').commits.flatMap(({ files }) =>
    files.flatMap(({ path, content }) => {
      const file = content && decodeMessageFile(path, content)
      return file && typeof file !== 'string' ? [file] : []
    }),
  )

const isVersion = (file: MessageFile, uid: string, version?: number) =>
  file.uid === uid && (version === undefined || file.version === version)

/** Erases a deleted message or, if none is left to erase, one version that was edited later. Returns erased texts. */
function purge(repository: MemoryRepository, pick: number): string[] {
  const versions = versionsOn(repository)
  const isErased = ({ uid }: MessageFile) => versions.filter((file) => file.uid === uid).length === 1
  const dead = versions.filter((file) => file.deleted_at !== null && !isErased(file))
  const outdated = versions.filter(
    (file) =>
      file.deleted_at === null &&
      versions.some(({ uid, version }) => uid === file.uid && version > file.version),
  )
  const tombstone = dead[pick % (dead.length || 1)]
  const [candidate] = tombstone ? versions.filter(({ uid }) => uid === tombstone.uid) : []
  if (tombstone && candidate) {
    const file = branchOf(repository, 'main').commits.flatMap(({ files }) => files)
    const { content } = file.findLast(({ path }) => path.includes(tombstone.uid)) ?? {}
    rewriteFiles(repository, (version, path) => {
      if (version.uid !== tombstone.uid) return 'keep'
      return version.version === candidate.version ? { path, content: content ?? null } : 'drop'
    })
    return versions
      .filter((one) => one.uid === tombstone.uid)
      .map((one) => one.content)
      .filter(Boolean)
  }
  const old = outdated[pick % (outdated.length || 1)]
  if (!old) return []
  rewriteFiles(repository, (version) => (isVersion(version, old.uid, old.version) ? 'drop' : 'keep'))
  return [old.content]
}

function rewriteFiles(
  repository: MemoryRepository,
  decide: (
    version: MessageFile,
    path: string,
  ) => 'keep' | 'drop' | { path: string; content: Uint8Array | null },
): void {
  rewriteBranch(repository, ({ files }) => {
    const kept = files.flatMap((file) => {
      const version = file.content && decodeMessageFile(file.path, file.content)
      const decision = version && typeof version !== 'string' ? decide(version, file.path) : 'keep'
      if (decision === 'keep') return [file]
      return decision === 'drop' ? [] : [decision]
    })
    return kept.length > 0 ? kept : null
  })
}

it('three servers converge on the order of the branch, under any schedule', async () => {
  const count = { faults: 0, rollBacks: 0, purges: 0, edits: 0, removals: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 45 }), disturbance, async (steps, kind) => {
      const repository = createMemoryRepository()
      const chosen: { fault: Fault } = { fault: 'none' }
      const open = () => openNode({ repository, wrap: (backend) => unreliable(backend, chosen) })
      await using first = await open()
      await using second = await open()
      await using third = await open()
      const servers = [first, second, third]
      const purged = new Set<string>()

      for (const [number, step] of steps.entries()) {
        if (step.kind === 'disturb') {
          if (kind === 'roll back') rollBack(repository, 1 + (step.pick % 5))
          else for (const text of purge(repository, step.pick)) purged.add(text)
          count[kind === 'roll back' ? 'rollBacks' : 'purges'] += 1
          continue
        }
        const node = servers[step.server] as Node
        if (step.kind === 'post') await node.post(`text ${number}`)
        else if (step.kind === 'import') await failuresOf(node.importOnce)
        else if (step.kind === 'dispatch') {
          chosen.fault = step.fault
          count.faults += await failuresOf(node.dispatchOnce)
          chosen.fault = 'none'
        } else {
          const alive = await node.store.listMessages()
          const message = alive[step.pick % (alive.length || 1)]
          if (!message) continue
          if (step.kind === 'edit') await node.edit(message.uid, { content: `text ${number}` })
          else await node.remove(message.uid)
          count[step.kind === 'edit' ? 'edits' : 'removals'] += 1
        }
      }
      await settleDown(servers)
      await expectConvergence(servers, { repository, purged })
    }),
    { numRuns: SCHEDULES, ...SEED },
  )
  for (const times of Object.values(count)) expect(times).toBeGreaterThan(0)
})

async function settleDown(servers: readonly Node[]): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    for (const node of servers) {
      await failuresOf(node.importOnce)
      await failuresOf(node.dispatchOnce)
    }
  }
}

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

async function expectConvergence(
  servers: readonly Node[],
  { repository, purged }: { repository: MemoryRepository; purged: ReadonlySet<string> },
): Promise<void> {
  const versions = versionsOn(repository)
  const texts = versions.filter(({ deleted_at }) => deleted_at === null).map(({ content }) => content)
  expect(texts, 'a text is on the branch twice').toHaveLength(new Set(texts).size)
  expect(
    texts.filter((text) => purged.has(text)),
    'an erased text is back on the branch',
  ).toEqual([])
  const last = new Map<string, MessageFile>()
  for (const version of versions) {
    const before = last.get(version.uid)
    if (before) {
      expect(before.deleted_at, 'a version follows a tombstone').toBeNull()
      expect(version.version, 'versions do not rise').toBeGreaterThan(before.version)
    }
    last.set(version.uid, version)
  }

  await using restored = await openTemporaryStore()
  const [{ backend }] = servers as [Node]
  expect(await restore({ store: restored, backend })).toMatchObject({ conflicts: 0 })
  const essence = async (store: Node['store']) =>
    (await everythingIn(store))
      .map(({ id, ...message }) => message)
      .sort((one, other) => (one.uid < other.uid ? -1 : 1))
  const truth = await essence(restored)
  expect(truth.map(({ uid, version }) => [uid, version])).toEqual(
    [...last.values()].map(({ uid, version }) => [uid, version]).sort(),
  )
  for (const node of servers) {
    expect(await node.store.summary()).toMatchObject({ pending: 0, quarantined: 0, history_lost_at: null })
    expect(await essence(node.store)).toEqual(truth)
    expect(await verify({ store: node.store, backend: node.backend })).toMatchObject({ equal: true })
    const stored = (await node.store.scanVersions(0, 1000)).map(({ content }) => content)
    expect(
      stored.filter((text) => purged.has(text)),
      'an erased text is still stored',
    ).toEqual([])
  }
}
