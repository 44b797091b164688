import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAll } from '../../oracle/api-client.js'
import { examine } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import { git, run } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { pause } from '../../rig/wait.js'
import type { Drill, DrillContext } from '../drill.js'

const LIES = [
  { lie: 'reports failure after a successful push', script: '"$real" "$@" >/dev/null 2>&1; exit 1' },
  { lie: 'reports success without pushing', script: 'exit 0' },
  { lie: 'is killed after its push', script: '"$real" "$@" >/dev/null 2>&1; kill -9 $$' },
  { lie: 'loses the output and reports success', script: '"$real" "$@" >/dev/null 2>&1; exit 0' },
] as const

/** F19, F20: git lies about the first pushes, so only the state of the remote can be trusted. */
export const lyingGit: Drill = {
  name: 'lying-git',
  title: 'a git that lies about three pushes in a row',
  async run(context) {
    for (const { lie, script } of LIES) await trustsOnlyTheRemote(context, lie, script)
  },
}

async function trustsOnlyTheRemote(
  { random, tally, log, openSite }: DrillContext,
  lie: string,
  script: string,
): Promise<void> {
  const site = openSite()
  const { history } = site
  const { path, liesTold } = installWrapper(site, script)
  const server = await site.start({ PATH: `${path}:${process.env.PATH}` })
  for (let number = 0; number < 20; number += 1) {
    await postOne(server.url, { random, history })
    await pause(20)
    await assertSynchronizedIsTrue(site, server.url, (problem) => tally.problems.push(`${lie}: ${problem}`))
  }
  const seconds = await examine(tally, { site, server }, { after: lie, withinMs: 60_000 })
  tally.injected += liesTold()
  tally.figures[`${lie}: s to synchronized`] = seconds ?? 'never'
  log(`${lie}: ${liesTold()} times`)
  site.close()
}

/** Installs a git that lies about its first three pushes. */
function installWrapper({ path }: Site, script: string) {
  const folder = join(path, 'bin')
  const lies = join(path, 'lies')
  mkdirSync(folder)
  writeFileSync(lies, '')
  const real = run('sh', '-c', 'command -v git').trim()
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh
real='${real}'
if [ "$1" = push ] && [ "$(wc -l < '${lies}')" -lt 3 ]; then
  echo lie >> '${lies}'
  ${script}
fi
exec "$real" "$@"
`,
    { mode: 0o755 },
  )
  return { path: folder, liesTold: () => readFileSync(lies, 'utf8').split('\n').length - 1 }
}

async function assertSynchronizedIsTrue(
  { repository }: Site,
  url: string,
  fail: (problem: string) => void,
): Promise<void> {
  const synchronized = (await listAll(url)).filter(({ git_hash }) => git_hash !== null)
  if (synchronized.length === 0) return
  const paths = git(repository, 'ls-tree', '-r', '--name-only', 'main')
  const missing = synchronized.filter(({ uid }) => !paths.includes(uid)).length
  if (missing > 0) fail(`${missing} messages are marked as synchronized but missing in the remote`)
}
