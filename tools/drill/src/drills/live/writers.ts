import { type ClientError, createClient, type MessageDetails } from '@gitmsg/client'
import { pause } from '../../rig/wait.js'
import type { DrillContext } from '../drill.js'

const WRITERS = 3
const MAX_LENGTH = 200

/** Clients that post, edit and delete, and remember what was acknowledged. */
export interface Writers {
  /** Writes until it is stopped, each writer with a pause after each request. */
  start(url: string, pauseMs: number): { stop(): Promise<void> }
  /** How many messages are not as they were acknowledged last. Those of which no response arrived may be either way. */
  countForgotten(feed: ReadonlyMap<string, MessageDetails>): number
}

export function createWriters({ random, tally }: Pick<DrillContext, 'random' | 'tally'>): Writers {
  /** By id: the content that was acknowledged last; `null`: it is deleted. */
  const acknowledged = new Map<number, string | null>()
  let texts = 0

  /** Takes one that no other writer is changing. */
  function take(): number | undefined {
    const ids = [...acknowledged].flatMap(([id, content]) => (content === null ? [] : id))
    if (ids.length === 0) return undefined
    const id = random.pick(ids)
    acknowledged.delete(id)
    return id
  }

  function nextText(): string {
    texts += 1
    return `text-${texts} ${random.text(random.integer(1, MAX_LENGTH))}`
  }

  function acknowledge(id: number, content: string | null): void {
    acknowledged.set(id, content)
    tally.acknowledged += 1
  }

  async function write(client: ReturnType<typeof createClient>): Promise<void> {
    const choice = random.integer(0, 9)
    const id = choice < 6 ? undefined : take()
    const content = nextText()
    if (id === undefined) {
      const { message_id } = await client.post({ content, sender: 'drill' })
      acknowledge(message_id, content)
    } else if (choice < 9) {
      await client.edit(id, { content })
      acknowledge(id, content)
    } else {
      await client.remove(id)
      acknowledge(id, null)
    }
  }

  function note({ status, message }: ClientError): void {
    if (status >= 400) tally.problems.push(`A request failed with ${status}: ${message}`)
  }

  return {
    start(url, pauseMs) {
      let isStopped = false
      const client = createClient({ url })
      async function run(): Promise<void> {
        while (!isStopped) {
          await write(client).catch(note)
          await pause(pauseMs)
        }
      }
      const running = Array.from({ length: WRITERS }, run)
      return {
        async stop() {
          isStopped = true
          await Promise.all(running)
        },
      }
    },
    countForgotten(feed) {
      const byId = new Map([...feed.values()].map((message) => [message.id, message]))
      return [...acknowledged].filter(([id, content]) => byId.get(id)?.content !== content).length
    },
  }
}
