import { breakdown } from './parts/breakdown.js'
import { isolation } from './parts/isolation.js'
import { journey } from './parts/journey.js'
import type { Part } from './parts/part.js'
import { postgres } from './parts/postgres/postgres.js'
import { postgresLists } from './parts/postgres/postgres-lists.js'
import { naive } from './parts/repository/naive.js'
import { push } from './parts/repository/push.js'
import { restore } from './parts/repository/restore.js'
import { sync } from './parts/repository/sync.js'
import { growth } from './parts/requests/growth.js'
import { live } from './parts/requests/live.js'
import { post } from './parts/requests/post.js'
import { read } from './parts/requests/read.js'
import { search } from './parts/requests/search.js'
import { sessions } from './parts/requests/sessions.js'
import { versions } from './parts/requests/versions.js'
import { size } from './parts/size.js'
import { start } from './parts/start.js'

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
  postgres,
  postgresLists,
  isolation,
  live,
  restore,
  start,
  sessions,
  size,
  breakdown,
]
