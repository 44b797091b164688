import { describe, expect, it } from 'vitest'
import { runClientCommand } from '../../testing/run-client-command.js'
import { openTestServer } from '../../testing/servers/open-test-server.js'
import { addDeleteCommand } from './delete-command.js'

describe('gitmsg delete', () => {
  it('deletes a message, also the second time', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'wrong window', sender: 'alice' })
    const run = (isTerminal: boolean) =>
      runClientCommand(addDeleteCommand, ['delete', '--url', server.url, '1'], { isTerminal })
    expect((await run(false)).values()).toEqual([{ deleted: '1' }])
    expect((await run(true)).output()).toBe('message 1 deleted\n')
    expect(await server.engine.list({})).toEqual([])
    expect(await server.engine.list({ deleted: true })).toHaveLength(1)
  })

  it('rejects a message that does not exist', async () => {
    await using server = await openTestServer({ isStandby: true })
    const deleting = runClientCommand(addDeleteCommand, ['delete', '--url', server.url, '9'])
    await expect(deleting).rejects.toThrow('There is no message with this id or uid. (404 not_found)')
  })
})
