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

it('a released sync lock leaves its file behind, and can be acquired again', () => {
  const { path, holders } = createHolders()
  const [first, second] = holders
  first.acquire()?.release()
  expect(existsSync(`${path}-sync-lock`)).toBe(true)
  expect(second.acquire()).not.toBeNull()
  expect(first.acquire()).toBeNull()
})

it('releasing a sync lock twice does not release the one acquired in between', () => {
  const [first, second] = createHolders().holders
  const lock = first.acquire()
  lock?.release()
  expect(first.acquire()).not.toBeNull()
  lock?.release()
  expect(second.acquire()).toBeNull()
})

it('releaseAll() releases a lock that is held, and can be repeated', () => {
  const [first, second] = createHolders().holders
  first.acquire()
  first.releaseAll()
  first.releaseAll()
  expect(second.acquire()).not.toBeNull()
})
