import type { ReadOnlyFileSystem } from '../read-only-file-system.js'
import type { Environment } from './server-config.js'

/** Variables that hold a secret. Each may come from a file instead, named by the variable `<NAME>_FILE`. */
const SECRETS = ['GITHUB_TOKEN', 'GITMSG_REMOTE_TOKEN']

/** What {@link readSecretFiles} found. */
export interface SecretFiles {
  /** With the secrets from files added. */
  readonly environment: Environment
  /** What is wrong with the files. */
  readonly problems: string[]
  /** The values of all secrets, from files or not. */
  readonly secrets: string[]
}

/** Reads the files of secrets that the environment names. */
export function readSecretFiles(environment: Environment, fileSystem: ReadOnlyFileSystem): SecretFiles {
  const fromFiles: Record<string, string> = {}
  const problems: string[] = []
  for (const name of SECRETS) {
    const path = environment[`${name}_FILE`]
    if (!path) continue
    if (environment[name]) {
      problems.push(`${name} and ${name}_FILE are both set: remove one`)
      continue
    }
    try {
      const secret = fileSystem.readFileSync(path, 'utf8').trim()
      if (secret) fromFiles[name] = secret
      else problems.push(`${name}_FILE: the file is empty`)
    } catch {
      problems.push(`${name}_FILE: the file cannot be read`)
    }
  }
  const complete: Environment = { ...environment, ...fromFiles }
  const secrets = SECRETS.flatMap((name) => complete[name] || [])
  return { environment: complete, problems, secrets }
}
