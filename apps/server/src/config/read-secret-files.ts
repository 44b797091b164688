import type { Environment } from './server-config.js'

/** The part of a file system that is needed to read the configuration; `node:fs` has it. */
export interface FileReader {
  readFileSync(path: string, encoding: 'utf8'): string
  statSync(path: string): { readonly mode: number }
  existsSync(path: string): boolean
  realpathSync(path: string): string
}

/** Variables that hold a secret; each may come from a file instead, named by the variable `<NAME>_FILE`. */
const SECRETS = ['GITHUB_TOKEN', 'GITMSG_REMOTE_TOKEN']

/** The environment with each secret's file read, what went wrong with them, and all the secrets. */
export function readSecretFiles(
  environment: Environment,
  files: FileReader,
): { environment: Environment; problems: string[]; secrets: string[] } {
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
  const complete: Environment = { ...environment, ...read }
  const secrets = SECRETS.flatMap((name) => complete[name] || [])
  return { environment: complete, problems, secrets }
}
