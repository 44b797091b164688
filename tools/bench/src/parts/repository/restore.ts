import { join } from 'node:path'
import { inTemporaryFolder, onCopy } from '../../data/folders.js'
import { runCommand } from '../../measures/commands.js'
import { type Comparison, compare, type Readings } from '../../report/compare.js'
import { git, tipOf } from '../../rig/git.js'
import { baseSize, formatCount, type Part } from '../part.js'

interface Task {
  readonly fixture: string
  readonly size: number
}

type RunTask = (task: Task) => Promise<Readings>

/** A new database from a remote, including the fetch. */
const restoreFrom = ({ fixture, size }: Task): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    const settings = { GITMSG_REMOTE: join(fixture, 'remote.git') }
    const { readings, result } = await runCommand('restore', folder, settings)
    if (result.imported !== size) throw new Error(`${result.imported} of ${size} messages were restored`)
    return withSpeed(readings, size)
  })

/** Compares the database with the repository. */
const verifyAll = ({ fixture, size }: Task): Promise<Readings> =>
  onCopy(fixture, 'gitmsg', async (folder) => {
    const { readings, result } = await runCommand('verify', folder)
    if (result.commits !== size || result.messages !== size) {
      throw new Error(`${result.commits} of ${size} commits were verified`)
    }
    return withSpeed(readings, size)
  })

/** The time git itself takes to fetch the same history. */
const cloneFrom = ({ fixture, size }: Task): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    const copy = join(folder, 'copy.git')
    const milliseconds = await time(() =>
      git(folder, 'clone', '--quiet', '--bare', `file://${fixture}/remote.git`, copy),
    )
    if (!(await tipOf(copy))) throw new Error('git clone fetched nothing')
    return withSpeed({ seconds: milliseconds / 1000 }, size)
  })

/** The time git itself takes to list the files of each commit. */
const readLog = ({ fixture, size }: Task): Promise<Readings> =>
  onCopy(fixture, 'repositories', async (folder) => {
    let changes = ''
    const milliseconds = await time(async () => {
      changes = await git(join(folder, 'repository.git'), 'log', '--raw', '--format=', '--root', 'main')
    })
    if (changes.split('\n').length < size) throw new Error('git log did not show every message')
    return withSpeed({ seconds: milliseconds / 1000 }, size)
  })

/** Reading the whole history. */
export const restore: Part = {
  name: 'restore',
  title: 'restore beside git clone, verify beside git log --raw, of the same history',
  async run(bench) {
    const sizes = bench.sizes.filter((size) => size > baseSize(bench))
    const comparisons: Comparison[] = []
    for (const size of sizes) {
      const task = { fixture: await bench.fixtures.synchronized(size), size }
      // A large history takes minutes, so one round has to do.
      const rounds = size >= 100_000 ? 1 : bench.rounds
      const compareAs = (name: string, own: RunTask, [reference, other]: readonly [string, RunTask]) =>
        compare(
          { id: `${name}-${size}`, what: `${name} of ${formatCount(size)} messages` },
          {
            rounds,
            contenders: [
              { name: `gitmsg ${name}`, run: () => own(task) },
              { name: reference, run: () => other(task) },
            ],
          },
        )
      comparisons.push(await compareAs('restore', restoreFrom, ['git clone', cloneFrom]))
      comparisons.push(await compareAs('verify', verifyAll, ['git log --raw', readLog]))
    }
    return comparisons
  },
}

/** The milliseconds that the work took. */
async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

const withSpeed = ({ seconds = Number.NaN, ...others }: Readings, size: number): Readings => ({
  seconds,
  'messages/s': size / seconds,
  ...others,
})
