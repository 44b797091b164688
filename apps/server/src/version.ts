import { createRequire } from 'node:module'

/** The version in this package's own description; beside `src` as beside `dist`. */
export const VERSION: string = createRequire(import.meta.url)('../package.json').version
