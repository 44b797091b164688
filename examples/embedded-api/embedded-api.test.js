import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openFolder, run, startExample } from '../testing/run-example.js'

const json = { 'content-type': 'application/json' }

it.each([
  ['hono-app.js', {}],
  ['express-app.js', { cookie: 'session=1' }],
])(
  '%s serves the API below /chat, live, and synchronizes everything before it exits',
  async (program, known) => {
    const folder = await openFolder()
    const { url, stop } = await startExample(folder, join('embedded-api', program))
    const chat = (path, init = {}) =>
      fetch(new URL(`chat/${path}`, url), { ...init, headers: { ...known, ...init.headers } })
    expect(await (await fetch(url)).text()).toContain('An existing application')

    const live = await chat('live', { headers: { accept: 'text/event-stream' } })
    const body = JSON.stringify({ content: 'Hello', sender: 'alice' })
    const posted = await chat('messages', { method: 'POST', body, headers: json })
    expect([posted.status, posted.headers.get('location')]).toEqual([201, 'messages/1'])
    const listed = await chat('messages')
    expect(await listed.json()).toMatchObject([{ id: 1, content: 'Hello' }])
    const again = await chat('messages', { headers: { 'if-none-match': listed.headers.get('etag') } })
    expect([200, 304]).toContain(again.status) // it may have been committed meanwhile
    await again.arrayBuffer()
    const invalid = await chat('messages', { method: 'POST', body: '{}', headers: json })
    expect([invalid.status, (await invalid.json()).error.code]).toEqual([422, 'missing_field'])

    const events = live.text()
    expect(await stop()).toBe(0)
    expect(await events).toMatch(/event: welcome[\s\S]*"content":"Hello"[\s\S]*event: bye/)
    const repository = join('data', 'repository.git')
    expect(await run(folder, 'git', '-C', repository, 'log', '--format=%s', 'main')).toEqual([
      'Message 1 from alice',
    ])
  },
)

it('express-app.js serves no messages to a client without a session', async () => {
  const { url } = await startExample(await openFolder(), join('embedded-api', 'express-app.js'))
  const response = await fetch(new URL('chat/messages', url))
  expect([response.status, (await response.json()).error.code]).toEqual([401, 'missing_token'])
})
