import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Comparison, compare, type Readings } from '../report/compare.js'
import { git } from '../rig/git.js'
import { nameAtSize, type Part } from './part.js'

/** The disk space of a number of messages that were synchronized in one go. */
export const size: Part = {
  name: 'size',
  title: 'bytes a message in the database and in the repository',
  async run({ fixtures, sizes }) {
    const contenders = []
    for (const count of sizes.filter((count) => count > 0)) {
      const fixture = await fixtures.synchronized(count)
      contenders.push({ name: nameAtSize('gitmsg', count), run: () => measureSize(fixture, count) })
    }
    const comparison: Comparison = await compare({ id: 'size', what: 'size' }, { rounds: 1, contenders })
    return [comparison]
  },
}

async function measureSize(fixture: string, count: number): Promise<Readings> {
  const repository = join(fixture, 'repository.git')
  const objects = await git(repository, 'count-objects', '-v')
  const countOf = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(objects)?.[1])
  const commits = Number(await git(repository, 'rev-list', '--count', 'main'))
  if (commits !== count) throw new Error(`The repository has ${commits} of ${count} commits`)
  return {
    'bytes a message, database': (await stat(join(fixture, 'gitmsg.db'))).size / count,
    'bytes a message, repository': (await sizeOf(repository)) / count,
    'bytes a message, file': await fileSize(repository),
    packs: countOf('packs'),
    'loose objects': countOf('count'),
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}

/** The bytes of one message's file: all have about the same length. */
async function fileSize(repository: string): Promise<number> {
  const file = await git(repository, 'show', '--name-only', '--format=', 'main', '--', 'messages')
  return Number(await git(repository, 'cat-file', '-s', `main:${file}`))
}
