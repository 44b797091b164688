import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { PROGRAM_FOLDER, packageFolders, publishedFolders, ROOT, readManifest } from './published-packages.js'
import { copyForRelease, replaceChangesets, version } from './release-copy.js'
import { run } from './run.js'

const consumer = inject('consumer')
const nameOf = (published: string) => readManifest(join(ROOT, published)).name
const installed = (published: string) => join(consumer, 'node_modules', nameOf(published))

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

/** What every package contains beside its build. */
const DOCUMENTS = ['CHANGELOG.md', 'LICENSE', 'README.md']

it.each(packageFolders())(
  'the packed library %s contains its build with source maps, and no sources or tests',
  (name) => {
    const files = filesOf(installed(join('packages', name)))
    const known =
      /^(dist\/.+\.(js|cjs|d\.ts|d\.cts)(\.map)?|testing\.cjs|gitmsg\.schema\.json|handler\.d\.ts|package\.json|[A-Z]+(\.md)?)$/
    expect(files.filter((path) => !known.test(path))).toEqual([])
    expect(files).toEqual(expect.arrayContaining([...DOCUMENTS, 'dist/index.js', 'dist/index.js.map']))
  },
)

/** With all that it bundles. */
const MAX_PROGRAM_BYTES = 6 * 1024 * 1024

it('the packed program contains its build and the web tester, and is small', () => {
  const folder = installed(PROGRAM_FOLDER)
  const files = filesOf(folder)
  const known =
    /^(dist\/[\w-]+\.js|dist\/licenses\.md|dist\/web\/.+\.(js|css|html|svg|md)|gitmsg\.schema\.json|handler\.d\.ts|package\.json|[A-Z]+(\.md)?)$/
  expect(files.filter((path) => !known.test(path))).toEqual([])
  expect(files).toEqual(
    expect.arrayContaining([
      ...DOCUMENTS,
      ...[
        'dist/main.js',
        'dist/sync-thread.js',
        'dist/licenses.md',
        'dist/web/index.html',
        'dist/web/licenses.md',
      ],
    ]),
  )
  const bytes = files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0)
  expect(bytes).toBeLessThan(MAX_PROGRAM_BYTES)
})

describe.each(publishedFolders())('the packed package %s', (published) => {
  const folder = installed(published)
  const manifest = readManifest(folder)
  const text = readFileSync(join(folder, 'package.json'), 'utf8')

  it('contains every file that its exports and commands refer to', () => {
    const named = [...filesNamed(manifest.exports), ...filesNamed(manifest.bin ?? {})]
    expect(named.filter((path) => !existsSync(join(folder, path)))).toEqual([])
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
      engines: { node: '>=20.19' },
      repository: { type: 'git', directory: published },
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.sideEffects).toBe(published === PROGRAM_FOLDER ? undefined : false)
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
  // The program has ES modules only: all versions of Node.js that it supports can require them.
  const ignored = /\/gitmsg-\d[^/]*$/.test(tarball) ? ['--ignore-rules', 'cjs-resolves-to-esm', '--'] : []
  it('passes attw', () => check('pnpm', 'exec', 'attw', '--profile', 'node16', ...ignored))

  it('passes a dry run of npm publish', () => check('npm', 'publish', '--dry-run', '--offline'))
})

it('apps and tools, except the program, are private, so they are never published', () => {
  const folders = ['apps', 'tools'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => join(parent, name)),
  )
  const published = folders.filter((folder) => readManifest(join(ROOT, folder)).private !== true)
  expect(published).toEqual([PROGRAM_FOLDER])
})

const versionsIn = (folder: string): string[] =>
  publishedFolders().map((published) => readManifest(join(folder, published)).version)

/** The packages that each pending changeset names, by its file. */
const pendingChangesets = (): [file: string, packages: string[]][] =>
  readdirSync(join(ROOT, '.changeset'))
    .filter((name) => name.endsWith('.md'))
    .map((file) => {
      const [, header = ''] = readFileSync(join(ROOT, '.changeset', file), 'utf8').split('---\n')
      return [file, [...header.matchAll(/^["'](.+)["']:/gm)].flatMap(([, name]) => name ?? [])]
    })

it('pending changesets are for published packages', () => {
  const published = publishedFolders().map(nameOf)
  for (const [file, packages] of pendingChangesets()) {
    expect(packages, file).not.toEqual([])
    expect(published, file).toEqual(expect.arrayContaining(packages))
  }
})

it('a release of a library is a release of the program, which bundles the libraries', () => {
  const packages = new Set(pendingChangesets().flatMap(([, names]) => names))
  const program = nameOf(PROGRAM_FOLDER)
  expect([...packages].every((name) => name === program) || packages.has(program)).toBe(true)
})

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
    const bumped = publishedFolders().filter((_, index) => after[index] !== before[index])
    expect(bumped).toEqual(['packages/core', 'packages/git-sync'])

    const changelog = (name: string) =>
      readFileSync(join(copy.folder, 'packages', name, 'CHANGELOG.md'), 'utf8')
    expect(changelog('git-sync')).toContain('### Minor Changes\n\n- Pushes to the moon.\n')
    expect(changelog('core')).toMatch(/### Patch Changes\n\n- Works with `@gitmsg\/git-sync` [\d.]+\.\n/)
  })
})
