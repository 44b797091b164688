import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Someone with an empty folder, nothing installed, and a package manager. */
export interface Stranger {
  /** Empty, and to be used as the current folder. */
  readonly folder: string
  /** For the package manager, and for what it starts: servers listen on a free port. */
  readonly env: NodeJS.ProcessEnv
  /** Where `npm install -g` puts programs. */
  readonly bin: string
}

/**
 * Creates a stranger's folder.
 *
 * @param folder must not exist; the caches are created beside it
 * @param registry the URL of the registry to install from
 * @param path folders of programs to find before all others
 */
export function openStranger(folder: string, registry: string, path: readonly string[] = []): Stranger {
  const cache = `${folder}-cache`
  mkdirSync(folder)
  mkdirSync(cache)
  // npx keeps its installations beside what npm has downloaded: only the latter is shared.
  symlinkSync(join(npmCache(), '_cacache'), join(cache, '_cacache'))
  const inherited = Object.entries(process.env).filter(([variable]) => !/^(npm|pnpm)_/i.test(variable))
  const prefix = `${folder}-global`
  const env = {
    ...Object.fromEntries(inherited),
    PATH: [...path, process.env.PATH].join(':'),
    PORT: '0',
    NO_COLOR: '1',
    // npm, pnpm, then Bun and Deno.
    npm_config_registry: registry,
    pnpm_config_registry: registry,
    NPM_CONFIG_REGISTRY: registry,
    npm_config_prefer_offline: 'true',
    npm_config_better_sqlite3_binary_host: registry,
    npm_config_prefix: prefix,
    npm_config_cache: cache,
    XDG_CACHE_HOME: cache,
    BUN_INSTALL_CACHE_DIR: join(cache, 'bun'),
    DENO_DIR: join(cache, 'deno'),
    ...headersBeside(path),
  }
  return { folder, env, bin: join(prefix, 'bin') }
}

const npmCache = (): string => execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim()

/** Native addons compile against the headers that came with this Node.js instead of downloading them. */
const headersBeside = ([bin]: readonly string[]): NodeJS.ProcessEnv =>
  bin === undefined ? {} : { npm_config_nodedir: dirname(bin) }
