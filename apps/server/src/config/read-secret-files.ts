import type { Environment } from './server-config.js'

/** The part of a file system that is needed here; `node:fs` has it. */
export interface FileReader {
  readFileSync(path: string, encoding: 'utf8'): string
}

/** Variables that hold a secret; each may come from a file instead, named by the variable `<NAME>_FILE`. */
const SECRETS = ['GITHUB_TOKEN', 'GITMSG_REMOTE_TOKEN']

/** The environment with each secret's file read, and what went wrong with them. */
export function readSecretFiles(
  environment: Environment,
  files: FileReader,
): { environment: Environment; problems: string[] } {
  const read: Record<string, string> = {}
  const problems: string[] = []
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`]
    if (!path) continue
    if (environment[name]) {
      problems.push(`${name} and ${name}_FILE are both set: leave one out`)
      continue
    }
    try {
      const secret = files.readFileSync(path, 'utf8').trim()
      if (secret) read[name] = secret
      else problems.push(`${name}_FILE names an empty file`)
    } catch {
      problems.push(`${name}_FILE names a file that cannot be read`)
    }
  }
  return { environment: { ...environment, ...read }, problems }
}
