import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ROOT } from './published-packages.js'
import { run } from './run.js'

const folderOf = (name: string, from: string) =>
  dirname(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`))

/** The better-sqlite3 of this workspace. */
export const sqliteFolder = () => folderOf('better-sqlite3', join(ROOT, 'packages/store'))

/** Copies the addon compiled in this workspace to the better-sqlite3 that is installed in a folder. */
export function copyAddon(folder: string): void {
  const addon = 'build/Release/better_sqlite3.node'
  cpSync(join(sqliteFolder(), addon), join(folder, 'node_modules/better-sqlite3', addon))
}

/**
 * Installs the tarballs with npm in a new, empty folder, as any user of the packages would.
 *
 * Compiling SQLite takes more than a minute, so the addon compiled in this workspace is copied instead. Vitest, pg and
 * the types of Node.js, which the consumer has to provide, are linked from this workspace, too.
 */
export async function installConsumer(folder: string, tarballs: readonly string[]): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(sqliteFolder(), 'package.json'), 'utf8'))
  mkdirSync(folder, { recursive: true })
  const manifest = { private: true, overrides: { 'better-sqlite3': version } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const quietly = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await run(folder, ['npm', 'install', ...quietly, ...tarballs])
  copyAddon(folder)
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true })
  for (const [name, from] of Object.entries({ vitest: '.', '@types/node': '.', pg: 'packages/store' }))
    symlinkSync(realpathSync(join(ROOT, from, 'node_modules', name)), join(folder, 'node_modules', name))
}
