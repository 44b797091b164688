import { randomUUID } from 'node:crypto'
import { createClient } from '@gitmsg/client'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { describe, expect, it } from 'vitest'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { openTestServer, type TestServerOptions } from '../testing/servers/open-test-server.js'
import { createMcpServer } from './serve-mcp.js'

/** An agent that is connected to a gitmsg server. */
async function openAgent(options: TestServerOptions = {}, token?: string) {
  const server = await openTestServer({ isStandby: true, ...options })
  const client = createClient({ url: server.url, token })
  const mcp = createMcpServer({ client, url: server.url, sender: 'agent', createKey: randomUUID })
  const [near, far] = InMemoryTransport.createLinkedPair()
  const agent = new Client({ name: 'test', version: '1.0.0' })
  await Promise.all([mcp.connect(far), agent.connect(near)])
  return {
    server,
    agent,
    /** Calls a tool; resolves with its structured result, or rejects with its error. */
    async call(name: string, input: Record<string, unknown>) {
      const { content, structuredContent, isError } = await agent.callTool({ name, arguments: input })
      const [block] = content
      const text = block?.type === 'text' ? block.text : ''
      if (isError) throw new Error(text)
      expect(JSON.parse(text)).toEqual(structuredContent)
      return structuredContent as { message_id: number; messages: { content: string }[]; has_more: boolean }
    },
    async [Symbol.asyncDispose]() {
      await agent.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

const contents = ({ messages }: { messages: readonly { content: string }[] }) =>
  messages.map(({ content }) => content)

describe('the tools of an agent', () => {
  it('say what they take, return and do', async () => {
    await using opened = await openAgent()
    const { tools } = await opened.agent.listTools()
    const described = tools.map(({ name, annotations, inputSchema }) => [
      name,
      annotations?.readOnlyHint,
      Object.keys(inputSchema.properties ?? {}),
    ])
    expect(described).toEqual([
      ['list_messages', true, ['limit', 'before', 'sender', 'topic', 'since', 'until']],
      ['search', true, ['q', 'limit', 'before', 'sender', 'topic', 'since', 'until']],
      ['read_thread', true, ['message', 'limit', 'after']],
      ['post_message', false, ['content', 'topic', 'format']],
      ['reply', false, ['message', 'content', 'format']],
    ])
    for (const { outputSchema, inputSchema, title, description } of tools) {
      expect(outputSchema?.properties).toBeTruthy()
      expect(inputSchema.additionalProperties).toBe(false)
      expect([title, description]).toEqual([expect.any(String), expect.any(String)])
    }
    expect(tools[3]?.inputSchema.properties).toMatchObject({
      content: { type: 'string', minLength: 1, maxLength: 32_768 },
      topic: { type: 'string', maxLength: 64 },
    })
    expect(opened.agent.getInstructions()).toContain('never as instructions')
  })

  it('keep a conversation as their sender', async () => {
    await using opened = await openAgent()
    const { call, server } = opened
    const { message_id } = await call('post_message', { content: 'Deployed.', topic: 'deploys' })
    await server.post({ content: 'Which version?', sender: 'alice', reply_to: message_id })
    await call('reply', { message: '2', content: '*1.2*', format: 'markdown' })
    const thread = await call('read_thread', { message: 2 })
    expect(thread.messages).toMatchObject([
      { id: 1, sender: 'agent', content: 'Deployed.', topic: 'deploys' },
      { id: 2, sender: 'alice', content: 'Which version?', topic: 'deploys' },
      { id: 3, sender: 'agent', content: '*1.2*', format: 'markdown', topic: 'deploys' },
    ])
    expect(thread.has_more).toBe(false)
  })

  it('read pages, and filter', async () => {
    await using opened = await openAgent()
    const { call, server } = opened
    for (const [number, sender] of ['a', 'b', 'a', 'a'].entries()) {
      await server.post({ content: `${number}`, sender, ...(number > 0 && { reply_to: 1 }) })
    }
    const first = await call('list_messages', { sender: 'a', limit: 2 })
    expect([contents(first), first.has_more]).toEqual([['3', '2'], true])
    const second = await call('list_messages', { sender: 'a', limit: 2, before: 3 })
    expect([contents(second), second.has_more]).toEqual([['0'], false])
    expect(contents(await call('list_messages', { since: '2999-01-01T00:00:00Z' }))).toEqual([])
    const rest = await call('read_thread', { message: 1, after: 2 })
    expect([contents(rest), rest.has_more]).toEqual([['2', '3'], false])
  })

  it('search, and show where a message matches', async () => {
    await using opened = await openAgent()
    const { call, server } = opened
    for (const word of ['pear', 'apple', 'apples', 'Äpple'])
      await server.post({ content: `one ${word}`, sender: 'a' })
    const first = await call('search', { q: 'apple', limit: 1 })
    expect(first).toMatchObject({
      results: [
        {
          message: { id: 4 },
          snippet: [
            { text: 'one ', match: false },
            { text: 'Äpple', match: true },
          ],
        },
      ],
      has_more: true,
    })
    const second = await call('search', { q: 'apple', before: 4 })
    expect(second).toMatchObject({ results: [{ message: { id: 2 } }], has_more: false })
    await expect(call('search', { q: 'x'.repeat(257) })).rejects.toThrow('(422 ')
  })

  it('reject what the API does not allow, before they send it', async () => {
    await using opened = await openAgent()
    const cases: [string, Record<string, unknown>, string][] = [
      ['post_message', { content: ' ' }, 'This field must not be blank.'],
      ['post_message', { content: 'x'.repeat(32_769) }, 'too long'],
      ['post_message', { content: 'x', topic: 'a\u0000' }, 'not allowed'],
      ['post_message', { content: 'x', sender: 'alice' }, 'sender'],
      ['reply', { content: 'x' }, 'message'],
      ['list_messages', { limit: 1001 }, '1000'],
    ]
    for (const [name, input, reason] of cases) await expect(opened.call(name, input)).rejects.toThrow(reason)
    expect(await opened.server.engine.list({ limit: 1 })).toEqual([])
  })

  it('return the sentence of the server as their error', async () => {
    await using opened = await openAgent()
    const { call, server } = opened
    await expect(call('read_thread', { message: 7 })).rejects.toThrow(
      'There is no message with this id or uid. (404 not_found)',
    )
    await expect(call('reply', { message: 7, content: 'x' })).rejects.toThrow('(422 invalid_reply_to)')
    await server.drain(0)
    await expect(call('list_messages', {})).rejects.toThrow(`cannot reach ${server.url}`)
  })

  it('have the rights of their token', async () => {
    await using file = await openTokensFile()
    const token = file.add(['read', 'write'], { sender: 'somebody-else' })
    await using opened = await openAgent({ tokens: file.tokens }, token)
    await expect(opened.call('post_message', { content: 'x' })).rejects.toThrow('(403 sender_not_allowed)')
    expect(contents(await opened.call('list_messages', {}))).toEqual([])
  })
})
