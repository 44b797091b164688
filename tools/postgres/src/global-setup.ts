import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type RunningServer, startEmbeddedServer } from './embedded-server.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for the server of this run. */
    readonly postgresBroker: string
  }
}

/** What a test file is told: where the server is, or why there is none. */
export type BrokerResponse = { readonly url: string } | { readonly missing: string }

/** Starts one server for all test files, as soon as one of them asks for it, and stops it when the tests have ended. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<RunningServer> | undefined

  async function find(): Promise<BrokerResponse> {
    const { GITMSG_TEST_POSTGRES } = process.env
    if (GITMSG_TEST_POSTGRES) return { url: GITMSG_TEST_POSTGRES }
    starting ??= startEmbeddedServer()
    return starting.then(
      ({ url }) => ({ url }),
      (error) => ({ missing: String(error.message).split('\n').join(' ') }),
    )
  }

  const broker = createServer(async (_, response) => {
    response.end(JSON.stringify(await find()))
  })
  broker.listen(0, '127.0.0.1')
  await once(broker, 'listening')
  provide('postgresBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)

  return async () => {
    broker.close()
    broker.closeAllConnections()
    const server = await starting?.catch(() => undefined)
    await server?.stop()
  }
}
