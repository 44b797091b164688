// The grouped reference server behind Koa, its router and its body parser, without validation:
// `reference-koa-server DATABASE`. It shows what these libraries cost.
import type { AddressInfo } from 'node:net'
import Router from '@koa/router'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { createBareGroup, openBareDatabase } from '../data/bare-database.js'

interface Message {
  readonly content: string
  readonly sender: string
}

const store = createBareGroup(openBareDatabase(process.argv[2] ?? ''))
const router = new Router()
router.post('/messages', async (context) => {
  const { content, sender } = context.request.body as Message
  const id = await new Promise<number>((resolve) => store({ content, sender, onStored: resolve }))
  context.status = 201
  context.body = { status: 'success', message_id: id }
})
const app = new Koa()
app.use(bodyParser())
app.use(router.routes())
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`Serving on http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`)
})
