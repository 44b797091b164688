import { openGitmsg } from '@gitmsg/core'
import { serve } from '@hono/node-server'
import { createHandler } from 'gitmsg/handler'
import { Hono } from 'hono'

const gitmsg = await openGitmsg({ directory: 'data', environment: process.env })
const chat = createHandler(gitmsg, { basePath: '/chat' })
const app = new Hono()
app.get('/', (context) => context.text('An existing application.\n'))
app.all('/chat/*', (context) => chat(context.req.raw))

const server = serve(
  { fetch: app.fetch, port: Number(process.env.PORT ?? 3001), hostname: '127.0.0.1' },
  (info) => console.log(`Serving on http://127.0.0.1:${info.port}/`),
)

/** Ends the event streams first, then the requests; then synchronizes what is pending. */
async function stop() {
  await chat.close()
  await new Promise((resolve) => server.close(resolve))
  await gitmsg.sync({ signal: AbortSignal.timeout(10_000) }).catch(() => {})
  await gitmsg.close()
}
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
