import * as files from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../index.js'
import { createTemporaryFolder } from '../testing/temporary-folder.js'
import { assertLocalDisk } from './assert-local-disk.js'

// A test cannot mount a network disk, so only what the system says of the disk is made up here.
vi.mock('node:fs', async (original) => {
  const actual = await original<typeof files>()
  return { ...actual, statfsSync: vi.fn(actual.statfsSync) }
})
const statfs = vi.mocked(files.statfsSync)
const sayThatItIs = (type: bigint) => statfs.mockReturnValueOnce({ type } as never)

beforeEach(() => void statfs.mockClear())

describe.runIf(process.platform === 'linux')('a network disk', () => {
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
  ])('is refused before anything is made on it: %s, %i', async (name, type) => {
    using folder = createTemporaryFolder()
    sayThatItIs(type)
    await expect(openStore({ path: join(folder.path, 'gitmsg.db') })).rejects.toMatchObject({
      code: 'unsafe-sqlite',
      message: `the database must be on a local disk, and this is ${name}`,
    })
    expect(statfs).toHaveBeenCalledOnce()
    expect(files.readdirSync(folder.path)).toEqual([])
  })

  it('is also recognized where the folders are not made yet', () => {
    using folder = createTemporaryFolder()
    statfs.mockImplementationOnce(() => {
      throw Object.assign(new Error('absent'), { code: 'ENOENT' })
    })
    sayThatItIs(0x6969n)
    expect(() => assertLocalDisk(join(folder.path, 'data', 'gitmsg.db'))).toThrow('this is NFS')
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
])('takes what is not one: %s', (_, type) => {
  sayThatItIs(type)
  expect(() => assertLocalDisk('/data/gitmsg.db')).not.toThrow()
})

// Covers IN-74
it('takes the disk that this test runs on', () => {
  using folder = createTemporaryFolder()
  expect(() => assertLocalDisk(join(folder.path, 'not', 'made', 'yet', 'gitmsg.db'))).not.toThrow()
})
