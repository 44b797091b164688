import { parseArgs } from 'node:util'
import { ValidationError } from '@gitmsg/core'
import { openMessenger } from './messenger.js'
import { openThreadedMessenger } from './threaded-messenger.js'

const { values, positionals } = parseArgs({
  options: { threaded: { type: 'boolean' } },
  allowPositionals: true,
})
const [sender = 'alice', content = 'Hello, Git'] = positionals

const open = values.threaded ? openThreadedMessenger : openMessenger
const { engine, close } = await open('data')
try {
  const { id } = await engine.post({ sender, content })
  console.log(`Message ${id} is durable.`)

  const { pending, last_error } = await engine.sync() // only to see the commits now: it happens by itself
  console.log(last_error ? last_error.message : `${pending} pending.`)

  for (const message of await engine.list({ limit: 5 })) {
    console.log(message.git_hash, message.sender, message.content)
  }
} catch (error) {
  if (!(error instanceof ValidationError)) throw error
  console.error(`${error.field}: ${error.message}`)
  process.exitCode = 1
} finally {
  await close()
}
