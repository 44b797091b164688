import { afterAll, describe, expect, it } from 'vitest'
import type { FakeFault, FakeGithub } from '../testing/index.js'
import { type GithubFixture, openGithubFixture } from './testing/github-fixture.js'
import { appendPersistently, pathOf } from './testing/persistent-writer.js'

const QUICK: readonly FakeFault[] = [
  'before-lost',
  'after-lost',
  'cut',
  'before-502',
  'after-502',
  'primary',
  'secondary',
  'stale',
  'too-large',
]
const ALL: readonly FakeFault[] = [...QUICK, 'hang']
const timeouts = { read: 200, write: 200 }
/** With several writers on a busy machine, requests without a fault take longer than that. */
const patientTimeouts = { read: 2_000, write: 2_000 }
const namesOf = (writer: number, count: number) =>
  Array.from({ length: count }, (_, index) => `writer-${writer}-${String(index).padStart(3, '0')}`)

let injected = 0
afterAll(() => expect(injected).toBeGreaterThanOrEqual(500))

/** Nothing lost, nothing written twice, nothing merged, nothing damaged. */
async function expectExactly(
  { git, github }: GithubFixture,
  names: readonly string[],
  branch = 'main',
): Promise<void> {
  const added = await git('log', '--format=', '--name-only', '--diff-filter=A', branch, '--', 'files')
  expect(added.split('\n').filter(Boolean).sort()).toEqual(names.map(pathOf).sort())
  const touched = await git('log', '--format=', '--name-only', '--diff-filter=a', branch, '--', 'files')
  expect(touched).toBe('')
  expect(await git('rev-list', '--merges', '--count', branch)).toBe('0')
  expect(await git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(github.requests.every(({ body }) => (body as { force?: unknown }).force !== true)).toBe(true)
}

const countOf = ({ faults }: FakeGithub): number =>
  Object.values(faults).reduce((sum, count) => sum + count, 0)

describe('a fault in every step of an append', () => {
  // Covers IN-71
  it.each(ALL)(
    'loses nothing and writes nothing twice: %s',
    async (fault) => {
      await using fixture = await openGithubFixture()
      const { github, time } = fixture
      const names: Record<string, string[]> = { main: [], second: [] }
      // An empty repository, a branch that goes on, another that starts; each with a new backend.
      for (const [turn, branch] of ['main', 'main', 'second', 'second'].entries()) {
        const failed = new Set<string>()
        github.settings.fault = ({ method, route }) => {
          const step = `${method} ${route}`
          return failed.has(step) ? undefined : failed.add(step) && fault
        }
        github.settings.remaining = 5000
        const batches = [0, 1, 2, 3].map((index) => `turn-${turn}-${index}`)
        await appendPersistently(fixture.open({ timeouts, branch }), batches, { time, batch: 2 })
        names[branch]?.push(...batches)
      }
      expect(github.faults[fault]).toBeGreaterThan(0)
      for (const [branch, written] of Object.entries(names)) await expectExactly(fixture, written, branch)
      injected += countOf(github)
    },
    180_000,
  )
})

describe('faults in four of ten requests', () => {
  it.each([1, 2, 4])(
    'lose nothing and write nothing twice with this number of writers: %i',
    async (writers) => {
      const numbers = createNumbers(writers)
      await using fixture = await openGithubFixture({
        remaining: 1_000_000,
        fault: () => {
          if (numbers() >= 0.4) return undefined
          return numbers() < 0.02 ? 'hang' : QUICK[Math.floor(numbers() * QUICK.length)]
        },
      })
      const { github, time } = fixture
      const all = Array.from({ length: writers }, (_, writer) => namesOf(writer, 90 / writers))
      await Promise.all(
        all.map((names) => appendPersistently(fixture.open({ timeouts: patientTimeouts }), names, { time })),
      )
      for (const fault of QUICK) expect(github.faults[fault], fault).toBeGreaterThan(0)
      await expectExactly(fixture, all.flat())
      injected += countOf(github)
    },
    180_000,
  )
})

/** Numbers from 0 (inclusive) to 1 (exclusive) that look random and are the same each time. */
function createNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
