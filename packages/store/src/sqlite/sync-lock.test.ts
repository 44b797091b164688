import { existsSync, writeFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryPath } from '../testing/temporary-store.js'
import { createSyncLockHolder } from './sync-lock.js'

/** Two holders for one database, as two processes have. */
function createHolders() {
  const path = temporaryPath()
  writeFileSync(path, '')
  const holders = [createSyncLockHolder(path), createSyncLockHolder(path)] as const
  onTestFinished(() => {
    for (const holder of holders) holder.releaseAll()
  })
  return { path, holders }
}

it('a released sync lock leaves its file behind, and can be acquired again', async () => {
  const { path, holders } = createHolders()
  const [first, second] = holders
  await (await first.acquire())?.release()
  expect(existsSync(`${path}-sync-lock`)).toBe(true)
  expect(await second.acquire()).not.toBeNull()
  expect(await first.acquire()).toBeNull()
})

it('releasing a sync lock twice does not release the one acquired in between', async () => {
  const [first, second] = createHolders().holders
  const lock = await first.acquire()
  await lock?.release()
  expect(await first.acquire()).not.toBeNull()
  await lock?.release()
  expect(await second.acquire()).toBeNull()
})

it('releaseAll() releases a lock that is held, and can be repeated', async () => {
  const [first, second] = createHolders().holders
  await first.acquire()
  first.releaseAll()
  first.releaseAll()
  expect(await second.acquire()).not.toBeNull()
})
