import { join } from 'node:path'
import type { Backlog } from '../data/fixtures.js'
import { copyTree, onCopy } from '../data/folders.js'
import type { Contender, Readings } from '../report/compare.js'
import { exportCommits } from '../rig/export-commits.js'
import { assertTip, DEFAULTS, DURABLE, runScript } from '../rig/git.js'
import { runSync } from '../rig/programs.js'

/** The metric of every contender here. */
export const SYNC_METRIC = 'messages/s'

const IMPORT = 'exec git -C "$1" fast-import --quiet'
const IMPORT_AND_PUSH = `
data=$1; shift
for batch; do
  git -C "$data/repository.git" fast-import --quiet < "$batch"
  git -C "$data/repository.git" push --quiet "$data/remote.git" main
done`
const PUSH = 'exec git -C "$1/complete.git" push --quiet "$1/remote.git" main'

/** gitmsg, from its database into its repository and, if `remote`, to a remote. */
export const gitmsgSync = (backlog: Backlog, { remote = false }: { remote?: boolean } = {}): Contender => ({
  name: 'gitmsg',
  run: () =>
    onCopy(backlog.folder, 'gitmsg', async (data) => {
      const { milliseconds, peakMebibytes } = await runSync(
        data,
        remote ? join(data, 'remote.git') : undefined,
      )
      await assertTip(join(data, 'repository.git'), backlog.tip)
      if (remote) await assertTip(join(data, 'remote.git'), backlog.tip)
      return { ...perSecond(backlog, milliseconds), 'peak MiB': peakMebibytes }
    }),
})

/** `git fast-import` of the same commits from a file. */
export const fastImport = (
  backlog: Backlog,
  { name = 'git fast-import', durable = true }: { name?: string; durable?: boolean } = {},
): Contender => ({
  name,
  run: () =>
    onCopy(backlog.folder, 'repositories', async (data) => {
      const repository = join(data, 'repository.git')
      const [input = ''] = await exportCommits(backlog, [backlog.count], data)
      const settings = durable ? DURABLE : DEFAULTS
      const { milliseconds, peakMebibytes } = await timeScript(IMPORT, [repository], { input, settings })
      await assertTip(repository, backlog.tip)
      return { ...perSecond(backlog, milliseconds), 'peak MiB': peakMebibytes }
    }),
})

/** A script that runs `git fast-import` and `git push` for each batch. */
export const fastImportAndPush = (backlog: Backlog, batches: readonly number[]): Contender => ({
  name: 'git fast-import and push',
  run: () =>
    onCopy(backlog.folder, 'repositories', async (data) => {
      const files = await exportCommits(backlog, batches, data)
      const { milliseconds } = await timeScript(IMPORT_AND_PUSH, [data, ...files])
      await assertTip(join(data, 'remote.git'), backlog.tip)
      return perSecond(backlog, milliseconds)
    }),
})

/** One `git push` of existing commits: the cost that no contender can avoid. */
export const barePush = (backlog: Backlog): Contender => ({
  name: 'git push alone',
  run: () =>
    onCopy(backlog.folder, 'repositories', async (data) => {
      await copyTree(backlog.complete, join(data, 'complete.git'))
      const { milliseconds } = await timeScript(PUSH, [data])
      await assertTip(join(data, 'remote.git'), backlog.tip)
      return perSecond(backlog, milliseconds)
    }),
})

const perSecond = ({ count }: Backlog, milliseconds: number): Readings => ({
  [SYNC_METRIC]: count / (milliseconds / 1000),
})

async function timeScript(...script: Parameters<typeof runScript>) {
  const startedAt = performance.now()
  const { peakMebibytes } = await runScript(...script)
  return { milliseconds: performance.now() - startedAt, peakMebibytes }
}
