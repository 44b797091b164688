import { breakdown } from './parts/breakdown.js'
import { growth } from './parts/growth.js'
import { isolation } from './parts/isolation.js'
import { journey } from './parts/journey.js'
import { live } from './parts/live.js'
import { naive } from './parts/naive.js'
import type { Part } from './parts/part.js'
import { post } from './parts/post.js'
import { push } from './parts/push.js'
import { read } from './parts/read.js'
import { restore } from './parts/restore.js'
import { search } from './parts/search.js'
import { sessions } from './parts/sessions.js'
import { size } from './parts/size.js'
import { start } from './parts/start.js'
import { sync } from './parts/sync.js'
import { versions } from './parts/versions.js'

/** All parts, in the order in which they run. */
export const parts: readonly Part[] = [
  post,
  read,
  sync,
  push,
  naive,
  journey,
  growth,
  versions,
  search,
  isolation,
  live,
  restore,
  start,
  sessions,
  size,
  breakdown,
]
