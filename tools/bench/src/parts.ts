import { breakdown } from './breakdown.js'
import { growth } from './growth.js'
import { journey } from './journey.js'
import { naive } from './naive.js'
import type { Part } from './part.js'
import { post } from './post.js'
import { push } from './push.js'
import { read } from './read.js'
import { restore } from './restore.js'
import { size } from './size.js'
import { start } from './start.js'
import { sync } from './sync.js'

/** In the order in which they run. */
export const parts: readonly Part[] = [
  post,
  read,
  sync,
  push,
  naive,
  journey,
  growth,
  restore,
  start,
  size,
  breakdown,
]
