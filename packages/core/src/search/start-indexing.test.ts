import { StoreError } from '@gitmsg/store'
import { openTemporaryStore } from '@gitmsg/store/testing'
import { describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../logger.js'
import { openNode } from '../testing/open-node.js'
import { startIndexing } from './start-indexing.js'

const createLog = () => {
  const lines: string[] = []
  const add = (_: object, line: string) => void lines.push(line)
  return { lines, logger: { ...silentLogger, info: add, warn: add } as typeof silentLogger }
}

describe('startIndexing()', () => {
  it('completes the index of a database that has none, and logs that', async () => {
    await using node = await openNode()
    await node.post('hello')
    await node.store.clearSearchIndex()
    const { lines, logger } = createLog()
    const stop = startIndexing(node.store, logger)
    await vi.waitFor(() => expect(lines).toEqual(['building the search index', 'search index built']))
    expect(await node.store.checkSearchIndex()).toBe('equal')
    await stop()
  })

  it('logs nothing if the index is complete', async () => {
    await using store = await openTemporaryStore()
    const { lines, logger } = createLog()
    await startIndexing(store, logger)()
    expect(lines).toEqual([])
  })

  it('repeats it after a failure', async () => {
    const { lines, logger } = createLog()
    const buildSearchIndex = vi.fn(async () => {}).mockRejectedValueOnce(new StoreError('full', 'no space'))
    const stop = startIndexing({ buildSearchIndex }, logger, 1)
    await vi.waitFor(() => expect(buildSearchIndex).toHaveBeenCalledTimes(2))
    expect(lines).toEqual(['building the search index failed'])
    await stop()
  })

  it('stops when it is told to, also between two attempts', async () => {
    const buildSearchIndex = vi.fn(async () => {
      throw new StoreError('full', 'no space')
    })
    const stop = startIndexing({ buildSearchIndex }, silentLogger, 60_000)
    await vi.waitFor(() => expect(buildSearchIndex).toHaveBeenCalledOnce())
    await stop()
    expect(buildSearchIndex).toHaveBeenCalledOnce()
  })
})
