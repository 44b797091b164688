import pg from 'pg'
import { pause } from '../../rig/wait.js'

const RETRY_MS = 10
/** SQLSTATE too_many_connections. */
const TOO_MANY = '53300'

/** Connections that are taken, so that there is none left. */
export interface TakenConnections {
  /** How often the server had none left. */
  refused(): number
  /** Runs a statement on one of them, and resolves with the number of rows. */
  run(statement: string): Promise<number>
  giveBack(): Promise<void>
}

/** Takes every connection of a PostgreSQL that is or becomes free, until they are given back. */
export async function takeConnections(url: string): Promise<TakenConnections> {
  const clients: pg.Client[] = []
  let refused = 0
  let isGivenBack = false

  async function take(): Promise<boolean> {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      clients.push(client)
      return true
    } catch (error) {
      if ((error as { code?: string }).code === TOO_MANY) refused += 1
      return false
    }
  }

  async function takeAll(): Promise<void> {
    while (!isGivenBack) if (!(await take())) await pause(RETRY_MS)
  }
  const running = takeAll()
  while (refused === 0) await pause(RETRY_MS)

  return {
    refused: () => refused,
    run: async (statement) => (await (clients[0] as pg.Client).query(statement)).rows.length,
    async giveBack() {
      isGivenBack = true
      await running
      await Promise.all(clients.map((client) => client.end().catch(() => {})))
    },
  }
}
