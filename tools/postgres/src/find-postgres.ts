import { inject } from 'vitest'
import type { BrokerResponse } from './global-setup.js'

let finding: Promise<string | null> | undefined

/**
 * Finds the PostgreSQL for the tests: that of `GITMSG_TEST_POSTGRES`, whose user must be allowed to create databases,
 * or an embedded one. Resolves with its URL. Without one it prints a warning and resolves with `null`, so that the tests
 * on it are skipped; under CI it rejects. The project needs the global setup of this package.
 */
export function findPostgres(): Promise<string | null> {
  finding ??= ask()
  return finding
}

async function ask(): Promise<string | null> {
  const response = (await (await fetch(inject('postgresBroker'))).json()) as BrokerResponse
  if ('url' in response) return response.url
  const missing = `No PostgreSQL runs here: ${response.missing}. Set GITMSG_TEST_POSTGRES to the URL of one.`
  if (process.env.CI === 'true') throw new Error(missing)
  process.stderr.write(`\n*** ${missing} ITS TESTS ARE SKIPPED. ***\n\n`)
  return null
}
