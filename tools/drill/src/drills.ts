import type { Drill } from './drills/drill.js'
import { live } from './drills/live/live.js'
import { liveControl } from './drills/live/live-control.js'
import { clock } from './drills/machine/clock.js'
import { diskFull } from './drills/machine/disk-full.js'
import { powerCut } from './drills/machine/power-cut.js'
import { powerCutControl } from './drills/machine/power-cut-control.js'
import { postgresConnections } from './drills/postgres/connections.js'
import { postgresDiskFull } from './drills/postgres/disk-full.js'
import { postgresFreeze } from './drills/postgres/freeze.js'
import { postgresPgbouncer } from './drills/postgres/pgbouncer.js'
import { postgresStandby } from './drills/postgres/standby.js'
import { postgresTakeover } from './drills/postgres/takeover.js'
import { backlog } from './drills/remote/backlog.js'
import { blackHole } from './drills/remote/black-hole.js'
import { lyingGit } from './drills/remote/lying-git.js'
import { purge } from './drills/remote/purge.js'
import { remoteAway } from './drills/remote/remote-away.js'
import { remoteRewritten } from './drills/remote/remote-rewritten.js'
import { sharedRemote } from './drills/remote/shared-remote.js'
import { slowHook } from './drills/remote/slow-hook.js'
import { damage } from './drills/repository/damage.js'
import { gitCalls } from './drills/repository/git-calls.js'
import { liveLock } from './drills/repository/live-lock.js'
import { staleLocks } from './drills/repository/stale-locks.js'
import { kill } from './drills/server/kill.js'
import { serverCalls } from './drills/server/server-calls.js'
import { serverErrors } from './drills/server/server-errors.js'
import { sharedData } from './drills/server/shared-data.js'
import { edits } from './drills/versions/edits.js'
import { editsControl } from './drills/versions/edits-control.js'
import { schedules } from './drills/versions/schedules.js'

/** All drills, in the order in which they run. */
export const drills: readonly Drill[] = [
  kill,
  powerCut,
  powerCutControl,
  serverCalls,
  serverErrors,
  gitCalls,
  damage,
  staleLocks,
  liveLock,
  diskFull,
  remoteAway,
  remoteRewritten,
  lyingGit,
  blackHole,
  slowHook,
  sharedData,
  sharedRemote,
  edits,
  editsControl,
  schedules,
  purge,
  live,
  liveControl,
  postgresTakeover,
  postgresFreeze,
  postgresConnections,
  postgresStandby,
  postgresPgbouncer,
  postgresDiskFull,
  clock,
  backlog,
]
