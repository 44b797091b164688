import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFolder, run, runExample, startExample } from '../testing/run-example.js'

const log = (folder, format) =>
  run(folder, 'git', '-C', join('data', 'repository.git'), 'log', `--format=${format}`, 'main')

describe.each([[[]], [['--threaded']]])('main.js %j', (options) => {
  const runMain = (folder, ...args) => runExample(folder, 'embedded-messenger/main.js', ...options, ...args)

  it('posts from the command line, and lists each message with its commit', async () => {
    const folder = await openFolder()
    await runMain(folder)
    const output = await runMain(folder, 'bob', 'Hello, Alice')
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
    await expect(runMain(folder, 'bob', ' ')).rejects.toMatchObject({
      code: 1,
      stderr: 'content: This field must not be blank.\n',
    })
  })
})

describe('a messenger that synchronizes in a thread of its own', () => {
  const runProgram = async (folder, program) => {
    const messenger = new URL('./threaded-messenger.js', import.meta.url)
    const lines = `import { openThreadedMessenger } from '${messenger}'\n${program}`
    await writeFile(join(folder, 'program.mjs'), lines)
    return run(folder, process.execPath, 'program.mjs')
  }

  it('posts here, commits there, and takes everything to the repository before it ends', async () => {
    const folder = await openFolder()
    const program = `
      const { engine, close } = await openThreadedMessenger('data')
      await engine.post({ sender: 'alice', content: 'Hello' })
      await engine.post({ sender: 'bob', content: 'Hello, Alice' })
      await close()
      console.log('closed')`
    expect(await runProgram(folder, program)).toEqual(['closed'])
    expect(await log(folder, '%s')).toEqual(['Message 2 from bob', 'Message 1 from alice'])
  })

  it('is not opened where its thread cannot begin, and says why', async () => {
    const program = `
      const remote = 'https://alice:secret@git.example.com/log.git'
      const error = await openThreadedMessenger('data', { remote }).catch((error) => error)
      console.log(error.name, error.code)`
    expect(await runProgram(await openFolder(), program)).toEqual(['GitSyncError misconfigured'])
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
