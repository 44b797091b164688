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
      '0 pending.',
      `${bobs} bob Hello, Alice`,
      `${alices} alice Hello, Git`,
    ])
  })

  it('reports an invalid message, and exits with 1', async () => {
    const folder = await openFolder()
    await expect(runMain(folder, 'bob', ' ')).rejects.toMatchObject({
      code: 1,
      stderr: 'content: This field must not be blank.\n',
    })
  })
})

describe('openThreadedMessenger()', () => {
  const runProgram = async (folder, program) => {
    const messenger = new URL('./threaded-messenger.js', import.meta.url)
    const lines = `import { openThreadedMessenger } from '${messenger}'\n${program}`
    await writeFile(join(folder, 'program.mjs'), lines)
    return run(folder, process.execPath, 'program.mjs')
  }

  it('posts here, commits there, and synchronizes everything before it closes', async () => {
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

  it('rejects with the error of a thread that cannot start', async () => {
    const program = `
      const remote = 'https://alice:secret@git.example.com/log.git'
      const error = await openThreadedMessenger('data', { remote }).catch((error) => error)
      console.log(error.name, error.code)`
    expect(await runProgram(await openFolder(), program)).toEqual(['GitSyncError misconfigured'])
  })
})

describe.each(['koa-app.js', 'express-app.js'])('%s', (program) => {
  it('posts, lists, and synchronizes everything before it exits', async () => {
    const folder = await openFolder()
    const { url, stop } = await startExample(folder, join('embedded-messenger', program))
    const post = (content) =>
      fetch(new URL('messages', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ sender: 'alice', content }),
      })
    expect(await (await fetch(url)).text()).toContain('An existing application')
    expect((await post('Hello')).status).toBe(201)
    const invalid = await post('')
    expect(invalid.status).toBe(422)
    expect(await invalid.json()).toMatchObject({ code: 'empty', field: 'content' })
    const listed = await (await fetch(new URL('messages', url))).json()
    expect(listed).toMatchObject([{ id: 1, sender: 'alice', content: 'Hello' }])
    expect(await (await fetch(new URL('sync', url))).json()).toMatchObject({ backend: 'local' })

    expect((await post('Goodbye')).status).toBe(201)
    expect(await stop()).toBe(0)
    expect(await log(folder, '%s')).toEqual(['Message 2 from alice', 'Message 1 from alice'])
  })
})
