import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createOperations } from './operations.js'

const ABORTED = { name: 'GitSyncError', code: 'aborted' }

/** Operations that log what happens around them, and translate every failure into one error. */
function openOperations() {
  const events: string[] = []
  const operations = createOperations({
    open: async () => void events.push('open'),
    failed: async (error) => new Error('translated', { cause: error }),
  })
  return { events, operations }
}

async function untilAborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw new Error('ended')
}

describe('perform()', () => {
  it('opens the repository, runs the work and resolves with its result', async () => {
    const { events, operations } = openOperations()
    const work = async () => {
      events.push('work')
      return 5
    }
    expect(await operations.perform(undefined, work)).toBe(5)
    expect(events).toEqual(['open', 'work'])
  })

  it('rejects with what failed() makes of a failure', async () => {
    const { operations } = openOperations()
    const cause = new Error('original')
    const failing = operations.perform(undefined, () => Promise.reject(cause))
    await expect(failing).rejects.toMatchObject({ message: 'translated', cause })
  })

  it("aborts the work with the caller's signal, and does not start on an aborted one", async () => {
    const { operations } = openOperations()
    const controller = new AbortController()
    const working = operations.perform(controller.signal, untilAborted)
    controller.abort()
    await expect(working).rejects.toThrow('translated')
    const later = operations.perform(controller.signal, async () => 5)
    await expect(later).rejects.toMatchObject(ABORTED)
  })
})

describe('stream()', () => {
  it('yields the items of the work, and may be left before its end', async () => {
    const { operations } = openOperations()
    let isFinished = false
    const items = operations.stream(undefined, async function* () {
      try {
        yield* [1, 2, 3]
      } finally {
        isFinished = true
      }
    })
    for await (const item of items) if (item === 2) break
    expect(isFinished).toBe(true)
  })
})

describe('endAll()', () => {
  it('aborts what is running, and rejects what is started later, without opening the repository', async () => {
    const { events, operations } = openOperations()
    const working = operations.perform(undefined, untilAborted)
    operations.endAll()
    await expect(working).rejects.toThrow('translated')
    await expect(operations.perform(undefined, async () => 5)).rejects.toMatchObject(ABORTED)
    expect(events).toEqual(['open'])
  })
})
