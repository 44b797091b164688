import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../../rig/shell.js'

/** One way to damage a bare repository. */
export interface Damage {
  readonly kind: string
  readonly inflict: (repository: string) => void
  /** Whether it needs no repair. Default: false. */
  readonly isHarmless?: boolean
}

/** F24, except a dirty work tree, which a bare repository cannot have. */
export const damages: readonly Damage[] = [
  { kind: 'empty loose object', inflict: (repository) => truncateSync(objectOf(repository, 'main'), 0) },
  {
    kind: 'missing blob',
    inflict: (repository) => rmSync(objectOf(repository, `main:${lastFile(repository)}`)),
  },
  { kind: 'missing tree', inflict: (repository) => rmSync(objectOf(repository, 'main^{tree}')) },
  { kind: 'missing commit', inflict: (repository) => rmSync(objectOf(repository, 'main')) },
  {
    kind: 'empty old file',
    inflict: (repository) =>
      truncateSync(objectOf(repository, `main~5:${lastFile(repository, 'main~5')}`), 0),
  },
  { kind: 'missing old tree', inflict: (repository) => rmSync(objectOf(repository, 'main~5^{tree}')) },
  { kind: 'missing old commit', inflict: (repository) => rmSync(objectOf(repository, 'main~5')) },
  {
    kind: 'truncated pack',
    inflict(repository) {
      const pack = packOf(repository, '.pack')
      truncateSync(pack, Math.floor(statSync(pack).size / 2))
    },
  },
  {
    kind: 'damaged pack index',
    inflict: (repository) => writeFileSync(packOf(repository, '.idx'), 'garbage'),
  },
  { kind: 'garbage in HEAD', inflict: (repository) => write(repository, 'HEAD', 'garbage\n') },
  { kind: 'HEAD missing', inflict: (repository) => rmSync(join(repository, 'HEAD')) },
  { kind: 'empty branch', inflict: (repository) => write(repository, 'refs/heads/main', '') },
  {
    kind: 'branch at nothing',
    inflict: (repository) => write(repository, 'refs/heads/main', `${'a'.repeat(40)}\n`),
  },
  {
    kind: 'garbage in packed-refs',
    inflict: (repository) => write(repository, 'packed-refs', 'garbage\n\0\n'),
  },
  { kind: 'garbage in index', inflict: (repository) => write(repository, 'index', 'garbage') },
  { kind: 'garbage in config', inflict: (repository) => write(repository, 'config', '[garbage\n') },
  {
    kind: 'objects missing',
    inflict: (repository) => rmSync(join(repository, 'objects'), { recursive: true }),
  },
  {
    kind: 'wrong remote in config',
    isHarmless: true,
    inflict: (repository) => void git(repository, 'config', 'remote.origin.url', '/nowhere.git'),
  },
  {
    kind: 'HEAD detached',
    isHarmless: true,
    inflict: (repository) => write(repository, 'HEAD', `${git(repository, 'rev-parse', 'main~2')}\n`),
  },
  { kind: 'garbage in shallow', inflict: (repository) => write(repository, 'shallow', 'garbage\n') },
  { kind: 'all of it missing', inflict: (repository) => rmSync(repository, { recursive: true }) },
]

const write = (repository: string, name: string, text: string): void =>
  writeFileSync(join(repository, name), text)

/** The path of a loose object; everything that is posted one by one is loose. */
function objectOf(repository: string, revision: string): string {
  const hash = git(repository, 'rev-parse', revision)
  return join(repository, 'objects', hash.slice(0, 2), hash.slice(2))
}

const lastFile = (repository: string, revision = 'main'): string =>
  git(repository, 'ls-tree', '-r', '--name-only', revision, 'messages').split('\n').at(-1) ?? ''

/** Packs everything into one pack and returns the path of its file with this ending. */
function packOf(repository: string, ending: string): string {
  git(repository, 'repack', '-a', '-d', '-q')
  const folder = join(repository, 'objects/pack')
  return join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? '')
}
