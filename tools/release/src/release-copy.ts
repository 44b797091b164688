import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packageFolders, ROOT } from './published-packages.js'
import { run } from './run.js'

/** A copy of what a release is made of, where versions may be changed and nothing is published. */
export interface ReleaseCopy {
  readonly folder: string
  [Symbol.dispose](): void
}

/** Copies the built packages, the manifests and the changesets, and the links of the packages to each other. */
export function copyForRelease(): ReleaseCopy {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-release-'))
  const isWanted = (path: string) => !/node_modules\/(?!@gitmsg)/.test(path)
  const copy = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(ROOT, path), join(folder, path), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isWanted,
    })
  }
  for (const path of ['package.json', 'pnpm-workspace.yaml', 'LICENSE', '.changeset', 'packages']) copy(path)
  for (const parent of ['apps', 'tools']) {
    for (const name of readdirSync(join(ROOT, parent))) copy(join(parent, name, 'package.json'))
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** Puts these changesets in the place of those that wait: the text of each file. */
export function replaceChangesets(folder: string, changesets: readonly string[]): void {
  const waiting = readdirSync(join(folder, '.changeset')).filter((name) => name.endsWith('.md'))
  for (const name of waiting) rmSync(join(folder, '.changeset', name))
  for (const [index, text] of changesets.entries())
    writeFileSync(join(folder, '.changeset', `${index}.md`), text)
}

/** Gives the packages their next versions and changelogs. */
export async function version(folder: string): Promise<void> {
  // By its path: `pnpm exec` would first install in the copy.
  const changesets = createRequire(join(ROOT, 'package.json')).resolve('@changesets/cli/bin.js')
  await run(folder, ['node', changesets, 'version'])
}

/** Packs every package as `pnpm publish` would; answers the tarballs. */
export async function pack(folder: string, destination: string): Promise<string[]> {
  for (const name of packageFolders()) {
    await run(join(folder, 'packages', name), ['pnpm', 'pack', '--pack-destination', destination])
  }
  return readdirSync(destination).map((name) => join(destination, name))
}
