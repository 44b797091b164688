import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../logger.js'
import { type LeftoverFileSystem, removeLeftovers } from './stale-files.js'

const HOUR = 3_600_000

const LEFT = {
  'HEAD.lock': '',
  'packed-refs.lock': '',
  fast_import_crash_123: 'fast-import crash report',
  'refs/heads/main.lock': '',
  'refs/heads/deep/er.lock': '',
  'refs/gitmsg/outgoing.lock': '',
  'objects/maintenance.lock': '',
  'objects/12/tmp_obj_x': '',
  'objects/pack/tmp_pack_x': '',
  'objects/pack/multi-pack-index.lock': '',
  'objects/pack/pack-1.keep': 'fast-import',
  'objects/pack/pack-2.keep': 'fetch-pack 12 on host',
  'objects/info/commit-graphs/commit-graph-chain.lock': '',
}
const KEPT = {
  HEAD: 'ref: refs/heads/main',
  'refs/heads/main': '',
  'objects/12/3456': '',
  'objects/pack/pack-3.pack': '',
  'objects/pack/pack-3.keep': '',
  'hooks/something.lock': '',
}

const tidy = async (files: Record<string, string>, age: number) => {
  const { fs, vol } = memfs(files, '/repository')
  const now = Date.now() + age
  let locks = 0
  const onLockRemoved = () => {
    locks += 1
  }
  const options = { fs: fs.promises as unknown as LeftoverFileSystem, directory: '/repository' }
  const error = await removeLeftovers({
    ...options,
    clock: () => now,
    logger: silentLogger,
    onLockRemoved,
  }).catch((thrown) => thrown)
  const left = Object.entries(vol.toJSON()).filter(([, content]) => content !== null)
  return { error, locks, left: left.map(([path]) => path.slice('/repository/'.length)).sort() }
}

describe('removeLeftovers', () => {
  it('removes what a killed git leaves behind, and nothing else', async () => {
    const { error, left, locks } = await tidy({ ...LEFT, ...KEPT }, HOUR)
    expect(error).toBeUndefined()
    expect(locks).toBe(Object.keys(LEFT).filter((path) => path.endsWith('.lock')).length)
    expect(left).toEqual(Object.keys(KEPT).sort())
  })

  it('respects a lock that may still be held', async () => {
    const { error, left } = await tidy({ 'refs/heads/main.lock': '', ...KEPT }, 1000)
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(left).toContain('refs/heads/main.lock')
  })

  it('leaves a temporary file alone that may still be written', async () => {
    const { error, left } = await tidy({ 'objects/pack/tmp_pack_x': '' }, 1000)
    expect(error).toBeUndefined()
    expect(left).toEqual(['objects/pack/tmp_pack_x'])
  })

  it('finds nothing to do in a folder that is not there', async () => {
    expect((await tidy({}, HOUR)).error).toBeUndefined()
  })
})
