import { describe, expect, it } from 'vitest'
import { type ClientCommandOptions, runClientCommand } from '../../testing/run-client-command.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { addEditCommand } from './edit-command.js'

/** A server with one message, and a way to run a command on it. */
async function openConversation() {
  const server = await openTestServer({ isStandby: true })
  await server.post({ content: 'Helo', sender: 'alice', topic: 't' })
  const [message] = await server.engine.list({})
  return {
    server,
    uid: message?.uid ?? '',
    edit: (words: string[], options?: ClientCommandOptions) =>
      runClientCommand(addEditCommand, ['edit', '--url', server.url, ...words], options),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describe('gitmsg edit', () => {
  it('replaces the text of a message, named by its id or uid, and nothing else', async () => {
    await using opened = await openConversation()
    const { server, edit, uid } = opened
    const first = await edit(['1', 'Hello'])
    expect(first.values()).toMatchObject([{ id: 1, version: 2, content: 'Hello', topic: 't' }])
    const second = await edit([uid], { input: 'Hello\nagain\n', isTerminal: true })
    expect(second.output()).toBe('message 1 has version 3\n')
    expect(await server.engine.list({})).toMatchObject([{ content: 'Hello\nagain', topic: 't', version: 3 }])
  })

  it.each([
    ['9', 'There is no message with this id or uid. (404 not_found)'],
    ['..', 'The key of the message is not one.'],
  ])('rejects a message that does not exist: %s', async (key, reason) => {
    await using opened = await openConversation()
    await expect(opened.edit([key, 'text'])).rejects.toThrow(reason)
  })
})
