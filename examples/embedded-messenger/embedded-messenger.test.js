import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFolder, run, runExample, startExample } from '../testing/run-example.js'

const log = (folder, format) =>
  run(folder, 'git', '-C', join('data', 'repository.git'), 'log', `--format=${format}`, 'main')

it('posts from the command line, and lists each message with its commit', async () => {
  const folder = await openFolder()
  await runExample(folder, 'embedded-messenger/main.js')
  const output = await runExample(folder, 'embedded-messenger/main.js', 'bob', 'Hello, Alice')
  const [bobs, alices] = await log(folder, '%H')
  expect(output).toEqual([
    'Message 2 is durable.',
    '0 are on their way to the repository.',
    `${bobs} bob Hello, Alice`,
    `${alices} alice Hello, Git`,
  ])
})

it('says what is wrong with a message, and ends with 1', async () => {
  const folder = await openFolder()
  await expect(runExample(folder, 'embedded-messenger/main.js', 'bob', ' ')).rejects.toMatchObject({
    code: 1,
    stderr: 'content: This field must not be blank.\n',
  })
})

describe.each(['koa-app.js', 'express-app.js'])('%s', (program) => {
  it('posts, lists, and takes everything to the repository before it ends', async () => {
    const folder = await openFolder()
    const { url, stop } = await startExample(folder, join('embedded-messenger', program))
    const post = (content) =>
      fetch(new URL('messages', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sender: 'alice', content }),
      })
    expect(await (await fetch(url)).text()).toContain('was there before')
    expect((await post('Hello')).status).toBe(201)
    const refused = await post('')
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ code: 'empty', field: 'content' })
    const listed = await (await fetch(new URL('messages', url))).json()
    expect(listed).toMatchObject([{ id: 1, sender: 'alice', content: 'Hello' }])
    expect(await (await fetch(new URL('sync', url))).json()).toMatchObject({ backend: 'local' })

    expect((await post('Goodbye')).status).toBe(201)
    expect(await stop()).toBe(0)
    expect(await log(folder, '%s')).toEqual(['Message 2 from alice', 'Message 1 from alice'])
  })
})
