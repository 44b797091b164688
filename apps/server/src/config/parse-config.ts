import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { createEnvironmentReader } from './environment-reader.js'
import { parseLocalBackend } from './parse-local-backend.js'
import { type FileReader, readSecretFiles } from './read-secret-files.js'
import { ConfigError, type Environment, LOG_LEVELS, type ServerConfig } from './server-config.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Turns the environment into a configuration; touches nothing but the secrets' files.
 *
 * @throws {ConfigError} with every problem in one message
 */
export function parseConfig(given: Environment, files: FileReader): ServerConfig {
  const { environment, problems } = readSecretFiles(given, files)
  const reader = createEnvironmentReader(environment)
  const host = reader.text('HOST') ?? '127.0.0.1'
  if (!isLoopback(host)) {
    reader.problems.push(
      'HOST must be a loopback address: there are no access tokens yet, and without them everybody could read and post',
    )
  }
  const config: ServerConfig = {
    host,
    port: reader.integer('PORT', { default: 3000, min: 0, max: 65_535 }),
    dataDirectory: resolve(reader.text('GITMSG_DATA_DIR') ?? 'data'),
    backend: parseLocalBackend(reader),
    fetchIntervalMs: 1000 * reader.integer('GITMSG_FETCH_INTERVAL', { default: 30, min: 0, max: 86_400 }),
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  }
  problems.push(...reader.problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  return (isIPv4(host) && loopback.check(host)) || (isIPv6(host) && loopback.check(host, 'ipv6'))
}
