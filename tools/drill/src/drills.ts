import type { Drill } from './drill.js'
import { backlog } from './drills/backlog.js'
import { blackHole } from './drills/black-hole.js'
import { clock } from './drills/clock.js'
import { damage } from './drills/damage.js'
import { diskFull } from './drills/disk-full.js'
import { gitCalls } from './drills/git-calls.js'
import { kill } from './drills/kill.js'
import { liveLock } from './drills/live-lock.js'
import { locks } from './drills/locks.js'
import { lyingGit } from './drills/lying-git.js'
import { powerCut } from './drills/power-cut.js'
import { powerCutControl } from './drills/power-cut-control.js'
import { remoteAway } from './drills/remote-away.js'
import { remoteRewritten } from './drills/remote-rewritten.js'
import { serverCalls } from './drills/server-calls.js'
import { serverErrors } from './drills/server-errors.js'
import { sharedData } from './drills/shared-data.js'
import { sharedRemote } from './drills/shared-remote.js'

/** All drills, in the order in which they run. */
export const drills: readonly Drill[] = [
  kill,
  powerCut,
  powerCutControl,
  serverCalls,
  serverErrors,
  gitCalls,
  damage,
  locks,
  liveLock,
  diskFull,
  remoteAway,
  remoteRewritten,
  lyingGit,
  blackHole,
  sharedData,
  sharedRemote,
  clock,
  backlog,
]
