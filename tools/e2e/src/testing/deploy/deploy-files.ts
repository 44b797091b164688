import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../root.js'

const FOLDER = join(ROOT, 'examples/deploy')

/** The path of a file in `examples/deploy`. */
export const deployPath = (name: string): string => join(FOLDER, name)

/** The text of a file in `examples/deploy`. */
export const readDeployFile = (name: string): string => readFileSync(deployPath(name), 'utf8')

/** The names of the files in `examples/deploy` that a pattern matches. */
export const deployFiles = (pattern: RegExp): string[] =>
  readdirSync(FOLDER).filter((name) => pattern.test(name))

/** The settings of gitmsg in the comment of a file for a proxy. */
export function proxySettings(text: string): Record<string, string> {
  const settings = [...text.matchAll(/^# {3}(GITMSG_\w+)=(\S+)$/gm)]
  if (settings.length === 0) throw new Error('the file has no settings')
  return Object.fromEntries(settings.map(([, name, value]) => [name, value]))
}
