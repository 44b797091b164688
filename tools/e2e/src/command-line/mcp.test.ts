import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { SERVER_MAIN, serverEnvironment, until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

describe('gitmsg mcp', () => {
  it.each(['legacy', 'auto'] as const)(
    'serves the client of the official SDK over stdio: %s',
    async (mode) => {
      await using workspace = await openWorkspace()
      const { url } = await workspace.start()
      const args = [SERVER_MAIN, 'mcp', '--sender', 'agent', '--url', url]
      const transport = new StdioClientTransport({ command: process.execPath, args, cwd: workspace.path })
      const agent = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } })
      await agent.connect(transport)
      expect(agent.getServerVersion()).toMatchObject({ name: 'gitmsg' })
      const { tools } = await agent.listTools()
      expect(tools.map(({ name }) => name)).toEqual([
        'list_messages',
        'search',
        'read_thread',
        'post_message',
        'reply',
      ])

      const call = (name: string, input: Record<string, unknown>) =>
        agent.callTool({ name, arguments: input })
      expect(await call('post_message', { content: 'Deployed.', topic: 'deploys' })).toMatchObject({
        structuredContent: { message_id: 1 },
      })
      await call('reply', { message: 1, content: 'Rolled back.' })
      expect(await call('read_thread', { message: 1 })).toMatchObject({
        structuredContent: {
          messages: [{ content: 'Deployed.' }, { content: 'Rolled back.', sender: 'agent' }],
        },
      })
      expect(await call('read_thread', { message: 3 })).toMatchObject({
        isError: true,
        content: [{ text: 'There is no message with this id or uid. (404 not_found)' }],
      })
      expect(await createClient(url).list()).toHaveLength(2)
      await agent.close()
    },
  )

  it('writes nothing but the protocol to standard output, and ends with its input', async () => {
    await using workspace = await openWorkspace()
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }
    const child = spawn(process.execPath, [SERVER_MAIN, 'mcp', '--sender', 'agent'], {
      cwd: workspace.path,
      env: serverEnvironment({ PORT: '9' }),
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    const exit = once(child, 'close')
    child.stdin.write(`no JSON\n${JSON.stringify(initialize)}\n`)
    await until(() => output.includes('\n'))
    child.stdin.end()
    expect(await exit).toEqual([0, null])
    expect(JSON.parse(output)).toMatchObject({ id: 1, result: { protocolVersion: '2025-06-18' } })
  })
})
