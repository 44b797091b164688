import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PROGRAM_FOLDER, publishedFolders, ROOT } from './published-packages.js'
import { run } from './run.js'

/** A copy of everything that a release needs, in which versions can be changed without publishing anything. */
export interface ReleaseCopy {
  readonly folder: string
  [Symbol.dispose](): void
}

/** Copies the built packages, the manifests, the changesets and the links between the packages. */
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
  const shared = ['package.json', 'pnpm-workspace.yaml', 'LICENSE', '.changeset']
  for (const path of [...shared, 'packages', PROGRAM_FOLDER]) copy(path)
  for (const parent of ['apps', 'tools']) {
    for (const name of readdirSync(join(ROOT, parent))) copy(join(parent, name, 'package.json'))
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

/** Replaces the pending changesets, if there are any, with these: the text of each file. */
export function replaceChangesets(folder: string, changesets: readonly string[]): void {
  const pending = readdirSync(join(folder, '.changeset')).filter((name) => name.endsWith('.md'))
  for (const name of pending) rmSync(join(folder, '.changeset', name))
  for (const [index, text] of changesets.entries())
    writeFileSync(join(folder, '.changeset', `${index}.md`), text)
}

/** Gives the packages their next versions and changelogs. Without pending changesets nothing changes. */
export async function version(folder: string): Promise<void> {
  // Run by path, because `pnpm exec` would first install dependencies in the copy.
  const changesets = createRequire(join(ROOT, 'package.json')).resolve('@changesets/cli/bin.js')
  await run(folder, ['node', changesets, 'version'])
}

/** Packs every package as `pnpm publish` would; resolves with the paths of the tarballs. */
async function pack(folder: string, destination: string): Promise<string[]> {
  for (const published of publishedFolders()) {
    await run(join(folder, published), ['pnpm', 'pack', '--pack-destination', destination])
  }
  return readdirSync(destination).map((name) => join(destination, name))
}

/** Packs what the next release would publish into a folder; resolves with the paths of the tarballs. */
export async function packNextRelease(destination: string): Promise<string[]> {
  using copy = copyForRelease()
  await version(copy.folder)
  return await pack(copy.folder, destination) // before the copy is removed
}
