import type { Logger } from '@gitmsg/git-sync'

export type { Logger }

const ignore = (): void => {}

/** The default logger: silent. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
