import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect } from 'vitest'
import { NEW_RANK } from '../database/schema.js'
import type { StoredMessage } from '../stored-message.js'
import type { RecordedVersion } from '../synchronization.js'
import { minute, newMessage } from './messages.js'
import { openTemporaryStore, type TemporaryStore } from './temporary-store.js'

/** A branch as servers see it: only appended to, except that its operator may roll it back or purge it. */
interface Branch {
  commits: RecordedVersion[]
  readonly purgedUids: Set<string>
  readonly purgedTexts: Set<string>
}

/** How the history is rewritten now and then. */
export type Rewriting = 'none' | 'rollbacks' | 'purges'

interface World {
  readonly stores: readonly TemporaryStore[]
  readonly branch: Branch
  readonly rewriting: Rewriting
  /** The text of every version that was made, with its message. */
  readonly texts: Map<string, string>
}

/** One step: what happens, at which store, and numbers that decide the rest. */
const step = fc.record({
  store: fc.integer({ min: 0, max: 2 }),
  action: fc.constantFrom('post', 'edit', 'edit', 'delete', 'import', 'rewrite', 'append', 'append'),
  pick: fc.nat(1_000),
  count: fc.integer({ min: 1, max: 4 }),
  fate: fc.constantFrom('crash', 'lost response', 'success', 'success', 'success', 'success'),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const contentOf = ({ uid, version, content, deleted_at }: RecordedVersion | StoredMessage) =>
  JSON.stringify([uid, version, content, deleted_at])

/** The version as its file has it; like a commit's, its hash follows from its parent and its content. */
function toCommit(
  message: RecordedVersion | StoredMessage,
  parent: RecordedVersion | undefined,
): RecordedVersion {
  const { uid, content, sender, timestamp, created_at, updated_at, path, origin_id } = message
  const { version, format, topic, reply_to, updated_by, deleted_at } = message
  const git_hash = createHash('sha1')
    .update(`${parent?.git_hash} ${contentOf(message)}`)
    .digest('hex')
  const fields = { uid, content, sender, timestamp, created_at, updated_at, path, origin_id, git_hash }
  return { ...fields, version, format, topic, reply_to, updated_by, deleted_at }
}

function commitAll(commits: readonly RecordedVersion[]): RecordedVersion[] {
  const made: RecordedVersion[] = []
  for (const commit of commits) made.push(toCommit(commit, made.at(-1)))
  return made
}

const cursorAt = (commit: RecordedVersion | undefined) => ({
  commit: commit?.git_hash ?? null,
  format: commit ? 2 : null,
})

async function isAtTip(store: TemporaryStore, { commits }: Branch): Promise<boolean> {
  return (await store.cursor()).commit === (commits.at(-1)?.git_hash ?? null)
}

async function importNew(store: TemporaryStore, { commits }: Branch, most = 1_000): Promise<void> {
  const { commit } = await store.cursor()
  let start = commits.findIndex(({ git_hash }) => git_hash === commit) + 1
  if (start === 0 && commit !== null) await store.resetSynchronization()
  for (; start < commits.length; start += most) {
    const recorded = commits.slice(start, start + most)
    const outcomes = await store.settle({ recorded, cursor: cursorAt(recorded.at(-1)) })
    expect(outcomes).not.toContain('conflict')
  }
}

async function append(store: TemporaryStore, branch: Branch, { count, fate }: Pick<Step, 'count' | 'fate'>) {
  const changes = await store.oldestChanges(count)
  if (changes.length === 0) return
  if (!(await isAtTip(store, branch))) return importNew(store, branch)
  if (fate === 'crash') return
  const before = branch.commits.length
  for (const { message } of changes) branch.commits.push(toCommit(message, branch.commits.at(-1)))
  if (fate === 'lost response') return
  const published = branch.commits
    .slice(before)
    .map(({ uid, version, git_hash }) => ({ uid, version, git_hash }))
  await store.settle({ published, cursor: cursorAt(branch.commits.at(-1)) })
}

/** The message disappears but for its tombstone, which takes the place of its first version. */
function purgeMessage(branch: Branch): void {
  const { commits, purgedUids } = branch
  const tombstone = commits.find(({ uid, deleted_at }) => deleted_at !== null && !purgedUids.has(uid))
  if (!tombstone) return
  const { uid } = tombstone
  purgedUids.add(uid)
  const first = commits.findIndex((commit) => commit.uid === uid)
  const rest = commits.map((commit, index) => (index === first ? tombstone : commit))
  branch.commits = commitAll(rest.filter((commit, index) => commit.uid !== uid || index === first))
}

/**
 * A version that another one follows disappears. Not an edit whose server does not know yet that it was published: it
 * would be published again.
 */
async function purgeVersion({ branch, stores }: World): Promise<void> {
  const { commits } = branch
  const unknown = new Set<string>()
  for (const store of stores) {
    for (const { message, rank } of await store.oldestChanges(1000)) {
      if (rank === NEW_RANK && message.version > 1) unknown.add(message.content)
    }
  }
  const index = commits.findIndex(
    ({ uid, content, deleted_at }, at) =>
      deleted_at === null &&
      !unknown.has(content) &&
      commits.slice(at + 1).some((later) => later.uid === uid),
  )
  if (index < 0) return
  branch.purgedTexts.add(commits[index]?.content as string)
  branch.commits = commitAll(commits.toSpliced(index, 1))
}

async function change({ stores, texts }: World, { store: index, action, pick }: Step): Promise<void> {
  const store = stores[index] as TemporaryStore
  const content = `text ${texts.size}`
  if (action === 'post') {
    const { message } = await store.createMessage(newMessage({ content, timestamp: minute(texts.size) }))
    texts.set(content, message.uid)
    return
  }
  const messages = await store.listMessages({ limit: 1000 })
  const message = messages[pick % messages.length]
  if (!message) return
  const updated_at = minute(texts.size)
  if (action === 'delete') await store.deleteMessage({ key: message.id, updated_at })
  else await store.editMessage({ key: message.id, content, updated_at })
  texts.set(content, message.uid)
}

async function run(world: World, one: Step): Promise<void> {
  const { stores, branch, rewriting } = world
  const store = stores[one.store] as TemporaryStore
  if (one.action === 'append') return append(store, branch, one)
  if (one.action === 'import') return importNew(store, branch, one.count)
  if (one.action !== 'rewrite') return change(world, one)
  if (rewriting === 'rollbacks' && one.pick % 3 === 0)
    branch.commits.length &&= one.pick % branch.commits.length
  if (rewriting !== 'purges') return
  if (one.pick % 2) await purgeVersion(world)
  else purgeMessage(branch)
}

/** Lets all stores import and append until nothing changes any more. */
async function settleDown({ stores, branch }: World): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    let isDone = true
    for (const store of stores) {
      await importNew(store, branch)
      await append(store, branch, { count: 9, fate: 'success' })
      isDone &&= (await store.oldestChanges(1)).length === 0 && (await isAtTip(store, branch))
    }
    for (const store of stores) isDone &&= await isAtTip(store, branch)
    if (isDone) return
  }
  throw new Error('the stores do not settle down')
}

async function expectConverged({ stores, branch: { commits } }: World): Promise<void> {
  const last = new Map(commits.map((commit) => [commit.uid, commit]))
  for (const store of stores) {
    const messages = await store.listMessages({ include: 'all', limit: 1000 })
    expect(messages.map(({ uid }) => uid).sort()).toEqual([...last.keys()].sort())
    for (const message of messages) {
      expect(contentOf(message)).toBe(contentOf(last.get(message.uid) as RecordedVersion))
      expect(message).toMatchObject({ is_synchronized: true, synchronized_version: message.version })
      expect(message.git_hash).toBe(last.get(message.uid)?.git_hash)
    }
  }
}

/** Versions rise, nothing follows a tombstone, and no text is there twice. */
function expectOrderly({ commits, purgedUids }: Branch): void {
  const last = new Map<string, RecordedVersion>()
  for (const commit of commits) {
    const before = last.get(commit.uid)
    expect(commit.version).toBeGreaterThan(before?.version ?? 0)
    expect(before?.deleted_at ?? null).toBeNull()
    if (purgedUids.has(commit.uid)) expect(commit.deleted_at).not.toBeNull()
    last.set(commit.uid, commit)
  }
  const texts = commits.filter(({ deleted_at }) => deleted_at === null).map(({ content }) => content)
  expect(new Set(texts).size).toBe(texts.length)
}

/** What is in no commit is in no store, except where the history was not rewritten and it must be in a commit. */
async function expectTexts({ stores, branch, rewriting, texts }: World): Promise<void> {
  const { commits, purgedTexts } = branch
  const published = new Set(commits.map(({ content }) => content))
  for (const text of purgedTexts) expect(published).not.toContain(text)
  const deleted = new Set(commits.filter((commit) => commit.deleted_at).map(({ uid }) => uid))
  for (const store of stores) {
    for (const { uid } of await store.listMessages({ include: 'all', limit: 1000 })) {
      const versions = await store.listVersions(uid, { limit: 1000 })
      if (deleted.has(uid)) expect(versions).toHaveLength(1)
      for (const { content } of versions) expect(published).toContain(content)
    }
  }
  if (rewriting !== 'none') return
  for (const [text, uid] of texts) expect(deleted.has(uid) || published.has(text)).toBe(true)
}

/**
 * Three servers on one branch post, edit, delete, import and append in any order, lose responses and crash, while the
 * history is rewritten: in the end all have what the branch has. Rejects with the first run that ends otherwise.
 */
export async function expectConvergence(
  rewriting: Rewriting,
  parameters: Pick<fc.Parameters, 'numRuns' | 'seed' | 'endOnFailure'>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 50 }), async (steps) => {
      const stores = await Promise.all([openTemporaryStore(), openTemporaryStore(), openTemporaryStore()])
      try {
        const branch: Branch = { commits: [], purgedUids: new Set(), purgedTexts: new Set() }
        const world: World = { stores, branch, rewriting, texts: new Map() }
        for (const one of steps) await run(world, one)
        await settleDown(world)
        await expectConverged(world)
        expectOrderly(branch)
        await expectTexts(world)
      } finally {
        for (const store of stores) await store.close()
      }
    }),
    parameters,
  )
}
