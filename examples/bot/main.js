import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { createClient } from '@gitmsg/client'
import { WebSocket } from 'ws'

const NAME = 'bot'
const PLACE = 'data/bot.json'

const client = createClient({
  url: process.env.GITMSG_URL ?? 'http://127.0.0.1:3000',
  token: process.env.GITMSG_TOKEN,
  WebSocket, // Node.js has one of its own only since version 22
})

const commands = {
  ping: async () => 'pong',
  echo: async (text) => text || 'Nothing.',
  topics: async () => (await client.topics()).map(({ topic }) => topic).join(', ') || 'There are no topics.',
}

async function reply({ uid, content, sender, deleted }) {
  const [, command, text] = /^!(\w+)\s*(.*)$/s.exec(content ?? '') ?? []
  if (deleted || sender === NAME || !Object.hasOwn(commands, command)) return
  // The feed has a message again when it is committed or edited, and after a crash.
  const replies = await client.list({ reply_to: uid, sender: NAME, limit: 1 })
  if (replies.length > 0) return
  const message = { content: await commands[command](text), sender: NAME, reply_to: uid }
  await client.post(message, { idempotencyKey: `reply-${uid}` })
  console.log(`${sender}: ${content}`)
}

/** The server may be away for a while; what it rejects is not repeated. */
async function replySurely(message) {
  for (;;) {
    try {
      return await reply(message)
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429)
        return console.error(error.message)
      await pause(1000)
    }
  }
}

await mkdir('data', { recursive: true })
const after = await readFile(PLACE, 'utf8').then(JSON.parse, () => null)
const live = client.live({ after, limit: 0 })
live.on('status', ({ state, error }) => console.log(state, error?.message ?? ''))

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => live.close())
for await (const message of live) {
  await replySurely(message)
  // Replaced as a whole: a bot that is killed meanwhile must find the old place or the new one.
  await writeFile(`${PLACE}.new`, JSON.stringify(live.position))
  await rename(`${PLACE}.new`, PLACE)
}
