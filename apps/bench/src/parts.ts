import { journey } from './journey.js'
import type { Part } from './part.js'
import { post } from './post.js'
import { push } from './push.js'
import { read } from './read.js'
import { sync } from './sync.js'

/** In the order in which they run. */
export const parts: readonly Part[] = [post, read, sync, push, journey]
