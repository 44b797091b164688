import { createEnvironmentReader } from './environment-reader.js'
import { parseAccess } from './parse-access.js'
import { parseBackend } from './parse-backend.js'
import { parseDataDirectory } from './parse-data-directory.js'
import { type FileReader, readSecretFiles } from './read-secret-files.js'
import { ConfigError, type Environment, LOG_LEVELS, type ServerConfig } from './server-config.js'

/**
 * Turns the environment into a configuration; reads the files of secrets and tokens, and changes nothing.
 *
 * @throws {ConfigError} with every problem in one message
 */
export function parseConfig(given: Environment, files: FileReader): ServerConfig {
  const { environment, problems, secrets } = readSecretFiles(given, files)
  const reader = createEnvironmentReader(environment)
  const host = reader.text('HOST') ?? '127.0.0.1'
  const dataDirectory = parseDataDirectory(reader, files)
  const config: ServerConfig = {
    host,
    port: reader.integer('PORT', { default: 3000, min: 0, max: 65_535 }),
    access: parseAccess(reader, { host, files }),
    dataDirectory,
    backend: parseBackend(reader, { dataDirectory, files }),
    fetchIntervalMs: 1000 * reader.integer('GITMSG_FETCH_INTERVAL', { default: 30, min: 0, max: 86_400 }),
    logLevel: reader.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    secrets,
  }
  problems.push(...reader.problems)
  if (problems.length > 0) throw new ConfigError(problems)
  return config
}
