import type { Logger } from '@gitmsg/git-sync'

export type { Logger }

const ignore = () => {}

/** Says nothing. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
