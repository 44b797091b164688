import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openStore } from '../index.js'
import { newMessage } from '../testing/index.js'
import { edit, publish, record, recordedVersion, remove } from '../testing/messages.js'
import { temporaryPath } from '../testing/temporary-store.js'

/** Those of the texts that the closed database and what lies beside it contain. */
function textsInFiles(path: string, texts: readonly string[]): string[] {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))
  const bytes = files.map((file) => readFileSync(file))
  return texts.filter((text) => bytes.some((content) => content.includes(text)))
}

it('the text of a deleted message, and of its earlier versions, is in no file once the store is closed', async () => {
  const path = temporaryPath()
  const store = await openStore({ path })
  const texts = [
    'short secret',
    'long secret',
    'end of long secret',
    'pending secret',
    'recorded secret',
    'applied secret',
  ]
  for (let index = 0; index < 200; index += 1)
    await store.createMessage(newMessage({ content: `other ${index}` }))
  const { message } = await store.createMessage(newMessage({ uid: 'a', content: 'short secret' }))
  await edit(store, 'a', `long secret ${'and more '.repeat(2_000)} end of long secret`)
  await publish(store, 'a 1', 'a 2')
  await edit(store, 'a', 'pending secret')
  const recorded = recordedVersion('b', { content: 'recorded secret' })
  await record(store, recorded, { ...recorded, version: 2, content: 'applied secret' })
  for (let index = 0; index < 200; index += 1) await edit(store, index + 1, `another ${index}`)
  await store.close()
  expect(textsInFiles(path, texts)).toEqual(texts)

  const again = await openStore({ path })
  await remove(again, message.id)
  const { content, deleted_at } = { content: '', deleted_at: recorded.timestamp }
  await record(again, { ...recorded, version: 3, content, deleted_at })
  await again.close()
  expect(textsInFiles(path, texts)).toEqual([])
  expect(textsInFiles(path, ['another 7', 'other 7'])).toEqual(['another 7', 'other 7'])
})
