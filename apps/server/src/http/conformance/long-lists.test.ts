import { expect, it, vi } from 'vitest'
import { countTurns } from '../../testing/count-turns.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'

const LARGEST = '😀'.repeat(32_768)

// Covers V15.2.2
it.each([
  ['/messages?limit=45', 'listMessages'],
  ['/sync/quarantined?limit=45', 'quarantinedChanges'],
  ['/changes?limit=45', 'changedSince'],
] as const)(
  'a long list is read and serialized in parts, so that other requests run in between: %s',
  async (path, method) => {
    await using server = await openTestServer({ isStandby: true })
    for (let number = 1; number <= 50; number += 1) {
      const { uid } = await server.engine.post({ content: LARGEST, sender: 'a' })
      await server.store.quarantine(uid, 'rejected')
    }
    using counter = countTurns()
    const read: (...given: unknown[]) => Promise<never> = server.store[method].bind(server.store) as never
    const reads: { limit: unknown; turn: number }[] = []
    vi.spyOn(server.store, method).mockImplementation((...given: unknown[]) => {
      const [page, limit = (page as { limit?: number }).limit] = given
      reads.push({ limit, turn: counter.turns })
      return read(...given)
    })

    const { json, headers } = await server.request(path)
    expect(json.messages ?? json).toHaveLength(45)
    expect(headers['transfer-encoding']).toBe('chunked')
    expect(reads.slice(0, 4).map(({ limit }) => limit)).toEqual([10, 10, 10, 10])
    expect(new Set(reads.slice(0, 5).map(({ turn }) => turn)).size).toBe(5)
  },
)
