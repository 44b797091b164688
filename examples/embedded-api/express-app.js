import { openGitmsg } from '@gitmsg/core'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { createHandler } from 'gitmsg/handler'

/** The sessions of an existing application. */
const SESSIONS = { 'session=1': { name: 'alice@example.org', sender: 'alice' } }

const gitmsg = await openGitmsg({ directory: 'data', environment: process.env })
const chat = createHandler(gitmsg, {
  authenticate: (request) => SESSIONS[request.headers.get('cookie')] ?? null,
})
const app = express()
app.get('/', (_request, response) => response.send('An existing application.\n'))
app.use('/chat', getRequestListener(chat)) // before any middleware that reads bodies

const server = app.listen(Number(process.env.PORT ?? 3001), '127.0.0.1', () => {
  console.log(`Serving on http://127.0.0.1:${server.address().port}/`)
})

/** Ends the event streams first, then the requests; then synchronizes what is pending. */
async function stop() {
  await chat.close()
  await new Promise((resolve) => server.close(resolve))
  await gitmsg.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
  await gitmsg.close()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
