import { resolve } from 'node:path'
import { isExposed, type ReadOnlyFileSystem } from '../file-system.js'
import type { Environment } from './server-config.js'
import { SECRETS, SETTINGS, type Setting, secretFileOf } from './settings/settings.js'
import { parseSettingsFile, type SettingsFile } from './settings/settings-file.js'

/** The settings file that is read if no other is named, in the current folder. */
const SETTINGS_FILE = 'gitmsg.json'

/** Where a value comes from; a line of the settings file, counted from 1. */
export type Source = 'environment' | { readonly path: string; readonly line: number }

/** What is set, and where. */
export interface Settings {
  readonly values: ReadonlyMap<Setting, string>
  readonly sources: ReadonlyMap<Setting, Source>
  /** What is wrong with the settings file, one sentence per problem. */
  readonly problems: readonly string[]
}

/**
 * Merges the environment and the settings file. A variable that is not empty takes precedence over the file; one
 * for a secret, or for its file, over both of these in the settings file.
 */
export function readSettings(environment: Environment, fileSystem: ReadOnlyFileSystem): Settings {
  const path = environment.GITMSG_CONFIG || SETTINGS_FILE
  const { settings, problems } = readSettingsFile(environment, path, fileSystem)
  const values = new Map<Setting, string>()
  const sources = new Map<Setting, Source>()
  for (const name of SETTINGS.keys()) {
    const fromFile = settings.get(name)
    const variable = environment[name]
    if (variable || (variable !== undefined && !fromFile)) {
      values.set(name, variable)
      sources.set(name, 'environment')
    } else if (fromFile && !isSetElsewhere(name, environment)) {
      values.set(name, fromFile.text)
      sources.set(name, { path, line: fromFile.line })
    }
  }
  return { values, sources, problems }
}

function readSettingsFile(
  { GITMSG_CONFIG: given }: Environment,
  path: string,
  fileSystem: ReadOnlyFileSystem,
): SettingsFile {
  const absolute = resolve(path)
  if (!given && !fileSystem.existsSync(absolute)) return { settings: new Map(), problems: [] }
  try {
    const text = fileSystem.readFileSync(absolute, 'utf8')
    return parseSettingsFile(text, { path, isExposed: isExposed(absolute, fileSystem) })
  } catch {
    const problem = given ? 'GITMSG_CONFIG: the file cannot be read' : `${path}: the file cannot be read`
    return { settings: new Map(), problems: [problem] }
  }
}

/** Whether the environment has the other one of a secret and its file. */
function isSetElsewhere(name: Setting, environment: Environment): boolean {
  const secret = SECRETS.find((secret) => secret === name || secretFileOf(secret) === name)
  return secret !== undefined && Boolean(environment[secret] || environment[secretFileOf(secret)])
}

/**
 * Lists the variables named `GITMSG_...` that are not settings, sorted: probably misspelt. They are not an error,
 * because platforms set such names for a service called gitmsg (Kubernetes: `GITMSG_SERVICE_HOST`).
 */
export function unknownVariables(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('GITMSG_') && !SETTINGS.has(name as Setting))
    .toSorted()
}
