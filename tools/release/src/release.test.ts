import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { packageFolders, ROOT, readManifest } from './published-packages.js'
import { copyForRelease, replaceChangesets, version } from './release-copy.js'
import { run } from './run.js'

const consumer = inject('consumer')
const installed = (name: string) => join(consumer, 'node_modules/@gitmsg', name)

/** Every file of a package as it is installed, relative. */
function filesOf(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => !path.startsWith('node_modules') && statSync(join(folder, path)).isFile())
}

/** Every file that `exports` names. */
function filesNamed(exported: unknown): string[] {
  if (typeof exported === 'string') return [exported]
  return Object.values(exported as object).flatMap(filesNamed)
}

describe.each(packageFolders())('%s, packed', (name) => {
  const folder = installed(name)
  const manifest = readManifest(folder)
  const text = readFileSync(join(folder, 'package.json'), 'utf8')

  it('holds what was built with its maps, and no source or test', () => {
    const known = /^(dist\/.+\.(js|cjs|d\.ts|d\.cts)(\.map)?|testing\.cjs|package\.json|[A-Z]+(\.md)?)$/
    expect(filesOf(folder).filter((path) => !known.test(path))).toEqual([])
    expect(filesOf(folder)).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.js.map']),
    )
  })

  it('has every file that its exports name', () => {
    const missing = filesNamed(manifest.exports).filter((path) => !existsSync(join(folder, path)))
    expect(missing).toEqual([])
  })

  it('speaks of nothing that only this workspace knows', () => {
    expect(text).not.toMatch(/"(workspace|catalog|link|file):|@gitmsg\/source/)
    expect(manifest.private).toBeUndefined()
    const told = filesOf(folder).filter((path) => readFileSync(join(folder, path), 'utf8').includes(ROOT))
    expect(told).toEqual([])
  })

  it('needs the versions of its sisters that are released with it', () => {
    const sisters = Object.entries(manifest.dependencies ?? {}).filter(([other]) =>
      other.startsWith('@gitmsg/'),
    )
    for (const [other, range] of sisters) {
      expect(range).toBe(`^${readManifest(join(consumer, 'node_modules', other)).version}`)
    }
  })

  it('says what it is, where it comes from and what it runs on', () => {
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      repository: { type: 'git', directory: `packages/${name}` },
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.keywords).not.toHaveLength(0)
  })

  it('tells in its changelog what the release brings', () => {
    const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
    expect(changelog).toMatch(
      new RegExp(`^# ${manifest.name}\n\n## ${manifest.version}\n\n### \\w+ Changes\n\n- `),
    )
    expect(changelog).not.toContain('Updated dependencies')
  })
})

describe.each(inject('tarballs'))('%s', (tarball) => {
  const check = (...command: string[]) => run(join(ROOT, 'tools/release'), [...command, tarball])

  it('is right in the eyes of publint', () => check('pnpm', 'exec', 'publint', '--strict'))

  // Node.js has known `exports` since version 12, so TypeScript's older `node10` resolution is not promised.
  it('has types that are right, says attw', () => check('pnpm', 'exec', 'attw', '--profile', 'node16'))

  it('would be taken by npm, which is not reached', () => check('npm', 'publish', '--dry-run', '--offline'))
})

it('publishes no app and no tool', () => {
  const folders = ['apps', 'tools'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(parent, name)),
  )
  for (const folder of folders) expect(readManifest(join(ROOT, folder)).private).toBe(true)
})

describe('versions', () => {
  it('move one by one: a package with a change, and those that depend on it', async () => {
    using copy = copyForRelease()
    replaceChangesets(copy.folder, ['---\n"@gitmsg/git-sync": minor\n---\n\nPushes to the moon.\n'])
    const versions = () =>
      packageFolders().map((name) => readManifest(join(copy.folder, 'packages', name)).version)
    const before = versions()
    await version(copy.folder)
    const moved = packageFolders().filter((_, index) => versions()[index] !== before[index])
    expect(moved).toEqual(['core', 'git-sync'])

    const changelog = (name: string) =>
      readFileSync(join(copy.folder, 'packages', name, 'CHANGELOG.md'), 'utf8')
    expect(changelog('git-sync')).toContain('### Minor Changes\n\n- Pushes to the moon.\n')
    expect(changelog('core')).toMatch(/### Patch Changes\n\n- Works with `@gitmsg\/git-sync` [\d.]+\.\n/)
  })
})
