import * as files from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../index.js'
import { newMessage } from '../testing/index.js'
import { createTemporaryFolder, temporaryPath } from '../testing/temporary-store.js'
import { assertLocalDisk } from './ensure-file.js'

const { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } = files

// A test cannot mount a network disk, so the system's report on the disk is mocked, and nothing else.
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof files>()
  return { ...actual, statfsSync: vi.fn(actual.statfsSync) }
})
const statfs = vi.mocked(files.statfsSync)
const mockFileSystem = (type: bigint) => statfs.mockReturnValueOnce({ type } as never)

beforeEach(() => void statfs.mockClear())

describe('creating the file', () => {
  const permissions = (path: string) => statSync(path).mode & 0o777

  // Covers V14.2.4
  it('openStore() creates the file and its folders for their owner only', async () => {
    const path = temporaryPath('data/of/ada/gitmsg.db')
    await using store = await openStore({ path })
    await store.createMessage(newMessage())

    expect(permissions(path)).toBe(0o600)
    expect(permissions(join(path, '..'))).toBe(0o700)
    expect(permissions(`${path}-wal`)).toBe(0o600)
  })

  it('openStore() accepts an empty file', async () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    await using store = await openStore({ path })
    expect(await store.listMessages()).toEqual([])
  })

  it.each(['', ' ', ':memory:', 'gitmsg.db ', 'a\0b', undefined])(
    'openStore() rejects a path that does not name a file: %j',
    async (path) => {
      await expect(openStore({ path: path as string })).rejects.toMatchObject({ code: 'invalid-argument' })
    },
  )

  // Covers IN-74
  it('openStore() rejects a folder', async () => {
    const path = temporaryPath()
    mkdirSync(path)
    await expect(openStore({ path })).rejects.toMatchObject({ code: 'not-a-store' })
  })

  // Covers IN-74
  it('openStore() rejects a path below a file', async () => {
    const path = temporaryPath()
    writeFileSync(path, '')
    await expect(openStore({ path: join(path, 'gitmsg.db') })).rejects.toMatchObject({ code: 'not-a-store' })
  })
})

describe('symbolic links', () => {
  // Covers IN-74
  it.each([
    ['a database', (target: string) => openStore({ path: target }).then((store) => store.close())],
    ['an empty file', (target: string) => writeFileSync(target, '')],
    ['a folder', (target: string) => mkdirSync(target)],
    ['nothing', () => {}],
  ])('openStore() rejects a symbolic link and does not follow it: to %s', async (_, createTarget) => {
    const target = temporaryPath('target')
    await createTarget(target)
    const path = join(target, '..', 'gitmsg.db')
    symlinkSync(target, path)
    const before = readdirSync(join(target, '..'))

    await expect(openStore({ path })).rejects.toMatchObject({
      code: 'not-a-store',
      message: 'the database, or a file beside it, is a symbolic link',
    })
    expect(readdirSync(join(target, '..'))).toEqual(before)
  })

  it.each(['-wal', '-shm', '-journal'])(
    'openStore() rejects a symbolic link in place of a file beside the database: %s',
    async (suffix) => {
      const path = temporaryPath()
      symlinkSync(`${path}-target`, path + suffix)
      await expect(openStore({ path })).rejects.toMatchObject({ code: 'not-a-store' })
      expect(readdirSync(join(path, '..'))).toEqual([`gitmsg.db${suffix}`])
    },
  )

  it('acquireSyncLock() rejects a symbolic link in place of the lock', async () => {
    const path = temporaryPath()
    await using store = await openStore({ path })
    symlinkSync(`${path}-target`, `${path}-sync-lock`)
    await expect(store.acquireSyncLock()).rejects.toThrow('symbolic link')
    expect(existsSync(`${path}-target`)).toBe(false)
  })

  // Covers IN-74
  it('stores share a sync lock through a symbolic link to the folder, even if it points elsewhere later', async () => {
    const path = temporaryPath('data/gitmsg.db')
    await using store = await openStore({ path })
    const link = join(path, '../../link')
    symlinkSync(join(path, '..'), link)
    await using linked = await openStore({ path: join(link, 'gitmsg.db') })
    rmSync(link)
    symlinkSync(join(path, '../..'), link)

    expect(await store.acquireSyncLock()).not.toBeNull()
    expect(await linked.acquireSyncLock()).toBeNull()
  })
})

describe.runIf(process.platform === 'linux')('network disks', () => {
  // Covers IN-74
  it.each([
    ['NFS', 0x6969n],
    ['SMB', 0x517bn],
    ['CIFS', 0xff534d42n],
    ['CIFS', BigInt.asIntN(32, 0xff534d42n)],
    ['CIFS', 0xffffffffff534d42n],
    ['SMB2', 0xfe534d42n],
    ['Ceph', 0x00c36400n],
    ['AFS', 0x5346414fn],
    ['AFS', 0x6b414653n],
    ['Coda', 0x73757245n],
    ['NCP', 0x564cn],
    ['Lustre', 0x0bd00bd0n],
    ['GPFS', 0x47504653n],
    ['BeeGFS', 0x19830326n],
    ['PanFS', 0xaad7aaean],
  ])('openStore() rejects a network disk and creates nothing on it: %s, %i', async (name, type) => {
    using folder = createTemporaryFolder()
    mockFileSystem(type)
    await expect(openStore({ path: join(folder.path, 'gitmsg.db') })).rejects.toMatchObject({
      code: 'unsafe',
      message: `the database must be on a local disk, not on ${name}`,
    })
    expect(statfs).toHaveBeenCalledOnce()
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('assertLocalDisk() looks at the nearest existing folder', () => {
    using folder = createTemporaryFolder()
    statfs.mockImplementationOnce(() => {
      throw Object.assign(new Error('absent'), { code: 'ENOENT' })
    })
    mockFileSystem(0x6969n)
    expect(() => assertLocalDisk(join(folder.path, 'data', 'gitmsg.db'))).toThrow('not on NFS')
    expect(statfs.mock.calls.map(([path]) => path)).toEqual([join(folder.path, 'data'), folder.path])
  })
})

it.each([
  ['ext4', 0xef53n],
  ['XFS', 0x58465342n],
  ['Btrfs', 0x9123683en],
  ['overlayfs', 0x794c7630n],
  ['tmpfs', 0x01021994n],
  ['FUSE', 0x65735546n],
  ['9P', 0x01021997n],
])('assertLocalDisk() accepts a file system that can be local: %s', (_, type) => {
  mockFileSystem(type)
  expect(() => assertLocalDisk('/data/gitmsg.db')).not.toThrow()
})

// Covers IN-74
it('assertLocalDisk() accepts the disk of the temporary folder', () => {
  using folder = createTemporaryFolder()
  expect(() => assertLocalDisk(join(folder.path, 'not', 'made', 'yet', 'gitmsg.db'))).not.toThrow()
})
