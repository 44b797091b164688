// An application that embeds the API, compiled under strict settings.
import { type Gitmsg, openGitmsg, parseListQuery } from '@gitmsg/core'
import { type Caller, createHandler, type Handler, type HandlerOptions } from 'gitmsg/handler'

const identify = async ({ headers }: Request): Promise<Caller | null> =>
  headers.has('cookie') ? { name: 'ada@example.org', sender: 'ada', scopes: ['read', 'write'] } : null

export async function embed(directory: string, basePath?: string): Promise<Response> {
  const options: HandlerOptions = { basePath, authenticate: identify, allowedOrigins: ['app://ada'] }
  await using gitmsg: Gitmsg = await openGitmsg({ directory })
  await using handler: Handler = createHandler(gitmsg, { ...options, liveStreams: 8, logger: console })
  const request = new Request('https://app.example.org/messages?limit=1')
  await gitmsg.list(parseListQuery(new URL(request.url).searchParams))
  return handler(request)
}

// @ts-expect-error an engine alone has no store
createHandler({ post: async () => ({}) })
