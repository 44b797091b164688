import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { examine, untilSynchronized } from '../../oracle/examine.js'
import { postOne } from '../../oracle/load.js'
import type { RunningServer } from '../../rig/server.js'
import { run } from '../../rig/shell.js'
import type { Site } from '../../rig/site.js'
import { type Injection, straceArguments, straceObstacle, wasInjected } from '../../rig/strace.js'
import { count, type Drill, type DrillContext } from '../drill.js'

const COMMANDS = ['fast-import', 'push', 'update-ref']
const SWEEPS = [
  ...['execve', 'fsync,fdatasync', 'rename', 'link', 'unlink', 'mkdir', 'write', 'openat'].map((calls) => ({
    calls,
    what: 'signal=SIGKILL',
  })),
  ...['fsync,fdatasync', 'rename', 'link', 'write'].map((calls) => ({ calls, what: 'error=EIO' })),
  { calls: 'write', what: 'error=ENOSPC' },
]
const RECOVERY_TIMEOUT_MS = 30_000

/** F4 for the git processes of the server. The remote's side of a push runs on another machine and is left alone. */
export const gitCalls: Drill = {
  name: 'git-calls',
  title:
    'git killed or failing at its system calls in fast-import, push and update-ref, with or without the server',
  obstacle: straceObstacle,
  async run(context) {
    for (const command of COMMANDS) {
      for (const fault of SWEEPS) await sweep(context, command, fault)
    }
  },
}

async function sweep(
  context: DrillContext,
  command: string,
  { calls, what }: { calls: string; what: string },
): Promise<void> {
  const { random, tally, openSite, scale, log } = context
  const site = openSite()
  const wrapper = installWrapper(site)
  const settings = { PATH: `${wrapper.folder}:${process.env.PATH}` }
  let server = await site.start(settings)
  await postOne(server.url, { random, history: site.history })
  await untilSynchronized(server.url, RECOVERY_TIMEOUT_MS)

  // Files are opened far more often than anything else, mostly for reading.
  const step = calls === 'openat' ? scale(8, 40) : scale(1, 8)
  for (let at = 1; ; at += step) {
    const injection = { calls, what, at }
    const withServer = random.integer(0, 1) === 1
    const point = `${command}, ${what} at ${calls} ${at}${withServer ? ', with the server' : ''}`
    wrapper.arm(command, injection, withServer)
    await postOne(server.url, { random, history: site.history })
    server = await recover(context, { site, server, settings, point })
    if (!wrapper.wasInjected(injection)) break
    tally.injected += 1
    count(tally, `points in ${command}`)
  }
  await examine(
    tally,
    { site, server },
    { after: `${command}, ${what} at ${calls}`, withinMs: RECOVERY_TIMEOUT_MS },
  )
  log(`${command}, ${what} at ${calls}`)
  site.close()
}

/** Waits until the server has recovered; restarts it if it died, or if it does not recover by itself. */
async function recover(
  { tally }: DrillContext,
  {
    site,
    server,
    settings,
    point,
  }: { site: Site; server: RunningServer; settings: Record<string, string>; point: string },
): Promise<RunningServer> {
  // Without any response it died with its git.
  const outcome = await untilSynchronized(server.url, RECOVERY_TIMEOUT_MS).catch(() => 'gone')
  if (outcome !== null && outcome !== 'gone') return server
  if (outcome === null)
    tally.problems.push(`${point}: not synchronized within ${RECOVERY_TIMEOUT_MS / 1000} s`)
  await server.stop('SIGKILL', 'with-children')
  const next = await site.start(settings)
  if (!(await untilSynchronized(next.url, RECOVERY_TIMEOUT_MS)))
    tally.problems.push(`${point}: not synchronized after a restart either`)
  return next
}

/** Installs a git that runs once under strace each time it is armed. */
function installWrapper({ path }: Site) {
  const folder = join(path, 'bin')
  const log = join(path, 'calls')
  const armed = (command: string) => join(path, `armed-${command}`)
  const real = run('sh', '-c', 'command -v git').trim()
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh
if mv '${path}/armed-'"$1" '${path}/fired' 2>/dev/null; then
  read -r target arguments < '${path}/fired'
  strace $arguments '${real}' "$@"
  code=$?
  if [ "$target" = both ] && [ $code -ne 0 ]; then kill -9 $PPID; fi
  exit $code
fi
exec '${real}' "$@"
`,
    { mode: 0o755 },
  )
  return {
    folder,
    arm(command: string, injection: Injection, withServer: boolean) {
      rmSync(log, { force: true })
      const target = withServer ? 'both' : 'git'
      writeFileSync(
        armed(command),
        `${target} ${straceArguments(injection, log, { children: command !== 'push' }).join(' ')}\n`,
      )
    },
    wasInjected: (injection: Injection) => existsSync(log) && wasInjected(log, injection),
  }
}
