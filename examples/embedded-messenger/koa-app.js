import { ValidationError } from '@gitmsg/core'
import Router from '@koa/router'
import Koa from 'koa'
import bodyParser from 'koa-bodyparser'
import { openMessenger } from './messenger.js'

const { engine, close } = await openMessenger('data')
const router = new Router()

router.get('/', (context) => {
  context.body = 'An existing application.\n'
})

router.post('/messages', async (context) => {
  context.body = await engine.post(context.request.body)
  context.status = 201
})

router.get('/messages', async (context) => {
  context.body = await engine.list({ limit: 20 })
})

router.get('/sync', async (context) => {
  context.body = await engine.status()
})

const app = new Koa()
app.use(async (context, next) => {
  try {
    await next()
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    context.status = 422
    context.body = { code: error.code, field: error.field, message: error.message }
  }
})
app.use(bodyParser({ enableTypes: ['json'] }))
app.use(router.routes())

const server = app.listen(Number(process.env.PORT ?? 3001), '127.0.0.1', () => {
  console.log(`Serving on http://127.0.0.1:${server.address().port}/`)
})

// Stop accepting requests first, then synchronize what is pending.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(close))
