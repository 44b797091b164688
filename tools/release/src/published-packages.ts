import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the monorepo. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The fields of a `package.json` that are used here. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | EntryExports>>
  readonly publishConfig: { readonly exports: Readonly<Record<string, string | EntryExports>> }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

/** One entry of `exports`, as published. */
interface EntryExports {
  readonly import: { readonly types: string; readonly default: string }
  readonly require: { readonly types: string; readonly default: string }
}

/** One module specifier of a published package. */
export interface Entry {
  /** E.g. `@gitmsg/git-sync/local`. */
  readonly specifier: string
  /** E.g. `git-sync-local`. */
  readonly fileName: string
  /** The package's folder. */
  readonly folder: string
  /** The built declarations of the ES module. */
  readonly declarations: string
}

/** Reads the `package.json` of a folder. */
export const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The names of the folders in `packages/`: the libraries, all of them published. */
export const packageFolders = (): string[] => readdirSync(join(ROOT, 'packages'))

/** The folder of the published program. It contains the web tester, and exports nothing. */
export const PROGRAM_FOLDER = 'apps/server'

/** The folders of all published packages, e.g. `packages/core`. */
export const publishedFolders = (): string[] => [
  ...packageFolders().map((name) => join('packages', name)),
  PROGRAM_FOLDER,
]

/** Every module that can be imported from the libraries. */
export function publishedEntries(): Entry[] {
  return packageFolders().flatMap((name) => {
    const folder = join(ROOT, 'packages', name)
    const { publishConfig, ...manifest } = readManifest(folder)
    return Object.entries(publishConfig.exports).flatMap(([subpath, exported]) => {
      if (typeof exported === 'string') return []
      return {
        specifier: join(manifest.name, subpath),
        fileName: join(name, subpath).replaceAll('/', '-'),
        folder,
        declarations: join(folder, exported.import.types),
      }
    })
  })
}
