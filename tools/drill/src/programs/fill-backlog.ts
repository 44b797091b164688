// Fills a database with pending messages through the store: `fill-backlog DATABASE COUNT HISTORY`.
import { messagePath } from '@gitmsg/core'
import { openStore } from '@gitmsg/store'
import { openHistory } from '../rig/history.js'

const [path = '', count, historyPath = ''] = process.argv.slice(2)
const history = openHistory(historyPath)
await using store = await openStore({ path })
const now = new Date().toISOString()

for (let first = 0; first < Number(count); first += 1000) {
  const numbers = Array.from({ length: Math.min(1000, Number(count) - first) }, (_, index) => first + index)
  await Promise.all(numbers.map(create))
}
history.close()

async function create(number: number): Promise<void> {
  const key = `backlog-${number}`
  const content = `${key} a message of the usual length that waits for its repository to come back`
  const uid = `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`
  history.record('invoke', key, content)
  await store.createMessage({
    uid,
    content,
    sender: 'drill',
    timestamp: now,
    created_at: now,
    updated_at: now,
    path: (id) => messagePath(id, uid),
  })
  history.record('ok', key)
}
