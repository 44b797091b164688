import type { ApiMessage, createClient } from '../client.js'

type Client = ReturnType<typeof createClient>

/** All messages, page by page. */
export async function everyMessage(client: Client): Promise<ApiMessage[]> {
  const messages: ApiMessage[] = []
  for (let query = '?limit=1000'; ; query = `?limit=1000&before=${messages.at(-1)?.id}`) {
    const page = await client.list(query)
    if (page.length === 0) return messages
    messages.push(...page)
  }
}

/** Everything that the API returns about messages but their positions: the list, and each message alone. */
export async function readEverything(client: Client) {
  const list = await everyMessage(client)
  async function one({ id }: ApiMessage) {
    const { position: _, ...message } = (await (await client.call(`/messages/${id}`)).json()) as {
      position: number
    }
    return message
  }
  return { list, details: await Promise.all(list.map(one)) }
}

/** Posts numbered messages of five senders at once. */
export async function postMany(client: Client, { from = 0, count }: { from?: number; count: number }) {
  const numbers = Array.from({ length: count }, (_, index) => from + index)
  await Promise.all(numbers.map((number) => client.post(`message ${number} 👋`, `sender-${number % 5}`)))
}
