import { fileURLToPath } from 'node:url'

/** The root of the monorepo. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url))
