import { branchOf } from '@gitmsg/git-sync/memory'
import type { StoredMessage } from '@gitmsg/store'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  decodeMessageFile,
  encodeMessageFile,
  isFileOf,
  messagePath,
  uidOfPath,
} from '../format/message-file.js'
import { commitByHand, fileOfAnother } from '../testing/drafts.js'
import { historyOf, openNode } from '../testing/open-node.js'
import { type VerifyOptions, verify } from './verify.js'

type Node = Awaited<ReturnType<typeof openNode>>
/** One act of an attacker who can write to both sides, on one of the messages or on a new file. */
type Act = (node: Node, target: StoredMessage, number: number) => Promise<void>

const others = [fileOfAnother(1), fileOfAnother(2), fileOfAnother(700)] as const
const otherFile = (number: number) => others[number % others.length] ?? others[0]

const acts: Record<string, Act> = {
  removes: ({ repository }, { path }) => commitByHand(repository, { path, content: null }),
  alters: ({ repository }, { path }) => commitByHand(repository, { path, content: 'altered' }),
  putsBack: ({ repository }, message) =>
    commitByHand(repository, { path: message.path, content: encodeMessageFile(message) }),
  copies({ repository }, message) {
    const origin_id = message.origin_id + 5_000
    const copy = {
      path: messagePath(origin_id, message.uid),
      content: encodeMessageFile({ ...message, origin_id }),
    }
    return commitByHand(repository, copy)
  },
  adds: ({ repository }, _, number) => commitByHand(repository, otherFile(number)),
  takesAway: ({ repository }, _, number) =>
    commitByHand(repository, { path: otherFile(number).path, content: null }),
  litters: ({ repository }, _, number) =>
    commitByHand(repository, { path: `messages/${number}.txt`, content: 'litter' }),
  tidies: ({ repository }, _, number) =>
    commitByHand(repository, { path: `messages/${number}.txt`, content: null }),
  replacesAll: ({ repository }) => commitByHand(repository, { path: 'messages', content: 'gone' }),
  async forgesHash({ store }, { uid }) {
    await store.settle({
      published: [{ uid, version: 1, git_hash: '0'.repeat(40) }],
      cursor: await store.cursor(),
    })
  },
}

const sequences = fc.array(
  fc.record({ act: fc.constantFrom(...Object.keys(acts)), number: fc.nat({ max: 5 }) }),
  { maxLength: 8 },
)

it('verify() names everything that was tampered with, and a repair loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      await using node = await openNode()
      await Promise.all(['a', 'b', 'c', 'd'].map((content) => node.post(content)))
      await node.dispatchOnce()
      await Promise.all([node.post('pending 1'), node.post('pending 2')])
      const messages = (await node.store.listMessages()).reverse()
      for (const { act, number } of sequence) {
        const target = messages[number]
        if (target) await acts[act]?.(node, target, number)
      }

      const expected = await tellApart(node)
      expect(await found(node)).toEqual(expected)
      await found({ ...node, repair: true })
      await node.importOnce() // settles what was pending and turned out to be on the branch: judged next time
      await found({ ...node, repair: true })
      while ((await node.dispatchOnce()) !== 'idle');

      const stays = (name: string) => /^(other-bytes|duplicate-uid|invalid-file)/.test(name)
      expect(await found(node)).toEqual(await tellApart(node))
      expect((await found(node)).filter((name) => !stays(name))).toEqual([])
      expect((await found(node)).length).toBeLessThanOrEqual(expected.length)
      expect(await node.contents()).toEqual(expect.arrayContaining(messages.map(({ content }) => content)))
    }),
    { numRuns: 40 },
  )
}, 60_000)

async function found(options: VerifyOptions): Promise<string[]> {
  const names: string[] = []
  await verify({ ...options, onDifference: ({ kind, path }) => void names.push(`${kind} ${path}`) })
  return names.sort()
}

/** The expected differences, found the slow way: from the tip's tree and the whole history in memory. */
async function tellApart({ repository, store, backend }: Node): Promise<string[]> {
  const history = await historyOf(backend)
  const { tree } = branchOf(repository, 'main')
  const stored = await store.listMessages({ limit: 1000 })
  const names: string[] = []
  for (const message of stored) {
    const { path, git_hash, is_synchronized } = message
    const tip = tree.get(path)
    const bringsIt = ({ hash, files }: (typeof history)[number]) =>
      hash === git_hash &&
      files.some((file) => file.path === path && file.content && isFileOf(message, file.content))
    if (tip && !isFileOf(message, tip)) names.push(`other-bytes ${path}`)
    else if (is_synchronized && !tip) names.push(`missing-in-repository ${path}`)
    else if (is_synchronized && !history.some(bringsIt)) names.push(`wrong-hash ${path}`)
  }

  const paths = new Set(stored.map(({ path }) => path))
  const uids = new Set(stored.map(({ uid }) => uid))
  const seen = new Set(history.flatMap(({ files }) => files.map(({ path }) => path)))
  for (const path of [...seen].filter((path) => path.startsWith('messages/') && !paths.has(path))) {
    const tip = tree.get(path)
    const isCopy = uids.has(uidOfPath(path) ?? '')
    if (others.some((other) => other.path === path)) {
      names.push(`missing-in-database ${path}`)
      if (!tip) names.push(`missing-in-repository ${path}`)
    } else if (tip && isCopy) names.push(`duplicate-uid ${path}`)
    else if (tip && typeof decodeMessageFile(path, tip) === 'string') names.push(`invalid-file ${path}`)
  }
  return names.sort()
}
