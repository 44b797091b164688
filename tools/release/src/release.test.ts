import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { packageFolders, ROOT, readManifest } from './published-packages.js'
import { copyForRelease, replaceChangesets, version } from './release-copy.js'
import { run } from './run.js'

const consumer = inject('consumer')
const installed = (name: string) => join(consumer, 'node_modules/@gitmsg', name)

/** The relative path of every file of an installed package. */
function filesOf(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return paths.filter((path) => !path.startsWith('node_modules') && statSync(join(folder, path)).isFile())
}

/** Every file that a value of `exports` refers to. */
function filesNamed(exported: unknown): string[] {
  if (typeof exported === 'string') return [exported]
  return Object.values(exported as object).flatMap(filesNamed)
}

describe.each(packageFolders())('the packed package %s', (name) => {
  const folder = installed(name)
  const manifest = readManifest(folder)
  const text = readFileSync(join(folder, 'package.json'), 'utf8')

  it('contains the build with its source maps, and no sources or tests', () => {
    const known = /^(dist\/.+\.(js|cjs|d\.ts|d\.cts)(\.map)?|testing\.cjs|package\.json|[A-Z]+(\.md)?)$/
    expect(filesOf(folder).filter((path) => !known.test(path))).toEqual([])
    expect(filesOf(folder)).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.js.map']),
    )
  })

  it('contains every file that its exports refer to', () => {
    const missing = filesNamed(manifest.exports).filter((path) => !existsSync(join(folder, path)))
    expect(missing).toEqual([])
  })

  it('refers to nothing that exists only in this workspace', () => {
    expect(text).not.toMatch(/"(workspace|catalog|link|file):|@gitmsg\/source/)
    expect(manifest.private).toBeUndefined()
    const leaking = filesOf(folder).filter((path) => readFileSync(join(folder, path), 'utf8').includes(ROOT))
    expect(leaking).toEqual([])
  })

  it('depends on the gitmsg packages in the versions released with it', () => {
    const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([other]) =>
      other.startsWith('@gitmsg/'),
    )
    for (const [other, range] of dependencies) {
      expect(range).toBe(`^${readManifest(join(consumer, 'node_modules', other)).version}`)
    }
  })

  it('states its license, repository and supported Node.js versions', () => {
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

  it('has its version at the top of its changelog', () => {
    const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')
    expect(changelog).toMatch(
      new RegExp(`^# ${manifest.name}\n\n## ${manifest.version}\n\n### \\w+ Changes\n\n- `),
    )
    expect(changelog).not.toContain('Updated dependencies')
  })
})

describe.each(inject('tarballs'))('the tarball %s', (tarball) => {
  const check = (...command: string[]) => run(join(ROOT, 'tools/release'), [...command, tarball])

  it('passes publint', () => check('pnpm', 'exec', 'publint', '--strict'))

  // Node.js supports `exports` since version 12, so TypeScript's older `node10` resolution is not supported.
  it('passes attw', () => check('pnpm', 'exec', 'attw', '--profile', 'node16'))

  it('passes a dry run of npm publish', () => check('npm', 'publish', '--dry-run', '--offline'))
})

it('apps and tools are private, so they are never published', () => {
  const folders = ['apps', 'tools'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(parent, name)),
  )
  for (const folder of folders) expect(readManifest(join(ROOT, folder)).private).toBe(true)
})

const versionsIn = (folder: string): string[] =>
  packageFolders().map((name) => readManifest(join(folder, 'packages', name)).version)

describe('changeset version', () => {
  it('changes no version when no changeset is pending', async () => {
    using copy = copyForRelease()
    const before = versionsIn(copy.folder)
    replaceChangesets(copy.folder, [])
    await version(copy.folder)
    expect(versionsIn(copy.folder)).toEqual(before)
  })

  it('bumps only the packages with a change and those that depend on them', async () => {
    using copy = copyForRelease()
    replaceChangesets(copy.folder, ['---\n"@gitmsg/git-sync": minor\n---\n\nPushes to the moon.\n'])
    const before = versionsIn(copy.folder)
    await version(copy.folder)
    const after = versionsIn(copy.folder)
    const bumped = packageFolders().filter((_, index) => after[index] !== before[index])
    expect(bumped).toEqual(['core', 'git-sync'])

    const changelog = (name: string) =>
      readFileSync(join(copy.folder, 'packages', name, 'CHANGELOG.md'), 'utf8')
    expect(changelog('git-sync')).toContain('### Minor Changes\n\n- Pushes to the moon.\n')
    expect(changelog('core')).toMatch(/### Patch Changes\n\n- Works with `@gitmsg\/git-sync` [\d.]+\.\n/)
  })
})
