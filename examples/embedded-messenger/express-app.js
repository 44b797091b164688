import { ValidationError } from '@gitmsg/core'
import express from 'express'
import { openMessenger } from './messenger.js'

const { engine, close } = await openMessenger('data')
const app = express()
app.use(express.json())

app.get('/', (_request, response) => {
  response.send('An existing application.\n')
})

app.post('/messages', async (request, response) => {
  response.status(201).json(await engine.post(request.body))
})

app.get('/messages', async (_request, response) => {
  response.json(await engine.list({ limit: 20 }))
})

app.get('/sync', async (_request, response) => {
  response.json(await engine.status())
})

app.use((error, _request, response, next) => {
  if (!(error instanceof ValidationError)) return next(error)
  const { code, field, message } = error
  response.status(422).json({ code, field, message })
})

const server = app.listen(Number(process.env.PORT ?? 3001), '127.0.0.1', () => {
  console.log(`Serving on http://127.0.0.1:${server.address().port}/`)
})

// Stop accepting requests first, then synchronize what is pending.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(close))
