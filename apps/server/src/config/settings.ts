import type { Environment } from './server-config.js'

/** Every variable that is read; nothing else can be asked of an environment. */
export const SETTINGS = [
  'HOST',
  'PORT',
  'GITMSG_TOKENS_FILE',
  'GITMSG_ALLOWED_HOSTS',
  'GITMSG_ALLOWED_ORIGINS',
  'GITMSG_RATE_LIMIT',
  'GITMSG_DATA_DIR',
  'GITMSG_REMOTE',
  'GITMSG_REMOTE_TOKEN',
  'GITMSG_REMOTE_TOKEN_FILE',
  'GITMSG_BRANCH',
  'GITMSG_FETCH_INTERVAL',
  'GITMSG_BACKEND',
  'GITHUB_REPO',
  'GITHUB_TOKEN',
  'GITHUB_TOKEN_FILE',
  'GITHUB_API_URL',
  'LOG_LEVEL',
] as const

export type Setting = (typeof SETTINGS)[number]

/**
 * Names of variables that begin like ours and are no setting, sorted: slips of the pen. Not refused, because platforms
 * add some for a service of this name (Kubernetes: `GITMSG_SERVICE_HOST`).
 */
export function unknownSettings(environment: Environment): string[] {
  const known: readonly string[] = SETTINGS
  return Object.keys(environment)
    .filter((name) => name.startsWith('GITMSG_') && !known.includes(name))
    .toSorted()
}
