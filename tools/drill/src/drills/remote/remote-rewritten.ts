import { rmSync } from 'node:fs'
import { syncStatus } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { pushForeignCommit } from '../../rig/foreign-commit.js'
import { git } from '../../rig/shell.js'
import { makeRepository, type Site } from '../../rig/site.js'
import { until } from '../../rig/wait.js'
import type { Drill, DrillContext } from '../drill.js'

const MESSAGES = 60
const RECOVERY_TIMEOUT_MS = 30_000

/** Changes to the remote's history. Each returns a commit that must survive, or `null`. */
const REWRITES: readonly { what: string; rewrite: (site: Site) => string | null }[] = [
  {
    what: 'rolled back',
    rewrite({ repository }) {
      git(repository, 'update-ref', 'refs/heads/main', 'main~50')
      return git(repository, 'rev-parse', 'main')
    },
  },
  {
    what: 'rewritten by a force push',
    rewrite: ({ repository, path }) => pushForeignCommit(repository, path, { onto: 'HEAD~30' }),
  },
  {
    what: 'branch deleted',
    rewrite({ repository }) {
      git(repository, 'update-ref', '-d', 'refs/heads/main')
      return null
    },
  },
  {
    what: 'replaced by an empty repository',
    rewrite({ repository }) {
      rmSync(repository, { recursive: true })
      makeRepository(repository)
      return null
    },
  },
]

/** F8, F21, F22: the remote no longer has what was synchronized. */
export const remoteRewritten: Drill = {
  name: 'remote-rewritten',
  title: 'a remote that is rolled back, rewritten, emptied or replaced, with and without posts afterwards',
  async run(context) {
    for (const { what, rewrite } of REWRITES) {
      await restores(context, { what: `${what}, nothing posted after`, rewrite, postAfter: false })
      await restores(context, { what: `${what}, posts following`, rewrite, postAfter: true })
    }
  },
}

async function restores(
  { random, tally, log, openSite }: DrillContext,
  { what, rewrite, postAfter }: { what: string; rewrite: (site: Site) => string | null; postAfter: boolean },
): Promise<void> {
  const site = openSite()
  const { history } = site
  const server = await site.start()
  for (let number = 0; number < MESSAGES; number += 1) await postOne(server.url, { random, history })
  await until(async () => (await syncStatus(server.url)).pending === 0, RECOVERY_TIMEOUT_MS)
  const foreign = rewrite(site)
  tally.injected += 1
  const startedAt = performance.now()
  if (postAfter) await postOne(server.url, { random, history })

  const complete = await until(() => messagesIn(site) === history.acknowledged(), RECOVERY_TIMEOUT_MS)
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  tally.figures[`${what}: s to complete again`] = complete ? seconds : 'never'
  if (!complete)
    tally.problems.push(`${what}: the remote has ${messagesIn(site)} of ${history.acknowledged()}`)
  if (complete) await examine(tally, { site, server }, { after: what })
  if (foreign && !isKept(site, foreign))
    tally.problems.push(`${what}: a commit in the remote was overwritten`)
  log(`${what}: ${complete ? `${seconds} s` : 'never complete'}`)
  site.close()
}

function messagesIn({ repository }: Site): number {
  try {
    const files = git(repository, 'ls-tree', '-r', '--name-only', 'main', 'messages')
    return files === '' ? 0 : files.split('\n').length
  } catch {
    return 0
  }
}

function isKept({ repository }: Site, commit: string): boolean {
  return git(repository, 'merge-base', commit, 'main') === commit
}
