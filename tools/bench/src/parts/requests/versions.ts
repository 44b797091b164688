import { editedIds, threadIds } from '../../data/fixtures.js'
import { measureEdits } from '../../measures/edits.js'
import { measureReads, type ReadOptions } from '../../measures/reads.js'
import { fastImport, gitmsgSync } from '../../measures/sync-contenders.js'
import { type Comparison, type Contender, compare } from '../../report/compare.js'
import { gitmsg } from '../../rig/services.js'
import { type Bench, baseSize, formatCount, nameAtSize, type Part } from '../part.js'

/** Edits into a repository, and what conversations cost when more and more messages are stored. */
export const versions: Part = {
  name: 'versions',
  title: 'edits into a repository; growth of edits, threads, topics and histories',
  run: async (bench) => [await syncEdits(bench), ...(await grow(bench))],
}

/** Like the part `sync`, but the commits change files instead of adding them. */
async function syncEdits(bench: Bench): Promise<Comparison> {
  const size = baseSize(bench)
  const backlog = await bench.fixtures.edits(size, bench.messages)
  const what = `sync of ${formatCount(bench.messages)} edits of ${formatCount(size)} messages into a repository`
  const contenders = [gitmsgSync(backlog), fastImport(backlog)]
  return compare({ id: 'sync-edits', what }, { rounds: bench.rounds, contenders })
}

type Request = Pick<ReadOptions, 'path' | 'ids'>

/** What to read when `size` messages are stored. Each request differs from the ones before, so that none is cached. */
const READS: readonly { id: string; what: string; request: (size: number) => Request }[] = [
  {
    id: 'thread',
    what: 'threads of 20',
    request: (size) => ({ path: 'messages/{id}/thread', ids: threadIds(size) }),
  },
  {
    id: 'topic',
    what: '50 of one topic, from the last quarter',
    request: (size) => ({
      path: 'messages?limit=50&topic=topic-7&before={id}',
      ids: { first: Math.ceil(size * 0.75), step: 1, count: Math.floor(size / 4) },
    }),
  },
  { id: 'topics', what: 'the latest 50 topics', request: () => ({ path: 'topics?limit=50' }) },
  {
    id: 'history',
    what: 'histories of 5 versions',
    request: (size) => ({ path: 'messages/{id}/history', ids: editedIds(size) }),
  },
]

/** The same work with more and more messages stored already. All sizes take turns. */
async function grow({ fixtures, rounds, seconds, ...bench }: Bench): Promise<Comparison[]> {
  const base = baseSize({ fixtures, rounds, seconds, ...bench })
  // The others are compared with the first one.
  const sizes = [base, ...bench.sizes.filter((size) => size > 0 && size !== base)]
  const folders = new Map<number, string>()
  for (const size of sizes) folders.set(size, await fixtures.conversations(size))

  const atEachSize = (run: (options: { fixture: string; size: number }) => Contender['run']): Contender[] =>
    [...folders].map(([size, fixture]) => ({ name: nameAtSize('gitmsg', size), run: run({ fixture, size }) }))
  const edits = atEachSize((options) => () => measureEdits({ ...options, seconds }))
  const comparisons = [
    await compare(
      { id: 'growth-edit', what: 'growth: edits on 8 connections' },
      { rounds, contenders: edits },
    ),
  ]
  for (const { id, what, request } of READS) {
    const contenders = atEachSize(
      ({ fixture, size }) =>
        () =>
          measureReads(gitmsg, { fixture, seconds, ...request(size) }),
    )
    comparisons.push(
      await compare({ id: `growth-read-${id}`, what: `growth: reads of ${what}` }, { rounds, contenders }),
    )
  }
  return comparisons
}
