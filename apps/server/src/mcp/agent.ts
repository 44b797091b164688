import { type Client, ClientError } from '@gitmsg/client'
import type { CallToolResult } from '@modelcontextprotocol/server'
import { describeFailure } from '../client/describe-failure.js'

/** What the tools of an agent work with. */
export interface Agent {
  readonly client: Client
  /** The URL of the server, for errors. */
  readonly url: string
  /** The sender that the agent posts as. */
  readonly sender: string
  /** Returns a new idempotency key. */
  readonly createKey: () => string
}

/** Runs a tool: its value becomes the result, in both forms; if a call fails, the reason becomes the tool's error. */
export async function respond(
  { url }: Agent,
  work: () => Promise<Record<string, unknown>>,
): Promise<CallToolResult> {
  try {
    const value = await work()
    return { content: [{ type: 'text', text: JSON.stringify(value) }], structuredContent: value }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    return { content: [{ type: 'text', text: describeFailure(error, url) }], isError: true }
  }
}
