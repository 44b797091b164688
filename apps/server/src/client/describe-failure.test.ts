import { createServer } from 'node:http'
import { type Client, ClientError, createClient } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../testing/servers/open-test-server.js'
import { describeFailure } from './describe-failure.js'

async function failureOf(url: string, call: (client: Client) => PromiseLike<unknown>): Promise<string> {
  const error = await Promise.resolve(call(createClient({ url }))).then(
    () => 'no error',
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ClientError)
  return describeFailure(error, url)
}

const list = (client: Client) => client.list()

describe('describeFailure()', () => {
  it('repeats the sentence of the server, with the field, the status and the code', async () => {
    await using server = await openTestServer()
    expect(await failureOf(server.url, (client) => client.get(9))).toBe(
      'There is no message with this id or uid. (404 not_found)',
    )
    expect(await failureOf(server.url, (client) => client.post({ content: '', sender: 'a' }))).toBe(
      'content: This field must not be blank. (422 empty)',
    )
  })

  it('names the request of an error that only the log explains', () => {
    const error = new ClientError('internal', 'An internal error occurred.', {
      status: 500,
      requestId: 'r-1',
    })
    expect(describeFailure(error, 'http://a')).toBe('An internal error occurred. (500 internal, request r-1)')
  })

  it.each(['127.0.0.1', 'localhost'])(
    'names the server and the reason if nothing listens: %s',
    async (host) => {
      const port = await unusedPort()
      expect(await failureOf(`http://${host}:${port}`, list)).toMatch(
        new RegExp(`^cannot reach http://${host}:${port}: connect ECONNREFUSED .+:${port}$`),
      )
    },
  )

  it('names the server if its response is not one of gitmsg', async () => {
    const server = createServer((_, response) => response.end('<p>Welcome</p>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    expect(await failureOf(`http://127.0.0.1:${port}`, list)).toBe(
      `The response is not a list. (http://127.0.0.1:${port})`,
    )
    server.close()
  })

  it('lets no text act on the terminal', () => {
    const error = new ClientError('evil\u001b[2J', 'Cleared\u001b[2J\nscreen\u009b', { status: 422 })
    expect(describeFailure(error, 'http://a')).toBe('Cleared\\u001b[2J screen\\u009b (422 evil\\u001b[2J)')
  })
})

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
