import * as files from 'node:fs'
import { type Client, createClient } from '@gitmsg/client'
import { WebSocket } from 'ws'
import { readSettings } from '../config/read-settings.js'
import { ConfigError, type Environment } from '../config/server-config.js'
import { createSettingsReader } from '../config/settings-reader.js'

/** How the command line names a server. */
export interface ServerFlags {
  readonly url?: string
  /** The path of a file with an access token. A token is never an argument, which other users can see. */
  readonly tokenFile?: string
}

/** A client, and the URL of its server. */
export interface OpenedClient {
  readonly client: Client
  readonly url: string
}

/** The addresses that stand for every interface, and where to connect instead. */
const LOOPBACK: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
])
/** What can be sent in a header. */
const TOKEN = /^[\x21-\x7e]+$/

/**
 * Creates a client for the server that the flags name, else for the one that the settings do: `GITMSG_URL`, or `HOST`
 * and `PORT`. Checks no other setting, and sends nothing.
 *
 * @throws {ConfigError}
 */
export function openClient({ url, tokenFile }: ServerFlags, environment: Environment): OpenedClient {
  const token = tokenFile === undefined ? undefined : readToken(tokenFile)
  if (url !== undefined) return createFor('--url', url, token)
  const reader = createSettingsReader(readSettings(environment, files))
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  const setting = reader.text('GITMSG_URL')
  if (setting !== undefined) return createFor('GITMSG_URL', setting, token)
  const port = reader.integer('PORT')
  if (port === 0) reader.report('PORT', 'is 0, any free port: name the server with --url or GITMSG_URL')
  if (reader.problems.length > 0) throw new ConfigError(reader.problems)
  const host = reader.text('HOST')
  const address = LOOPBACK.get(host) ?? host
  return createFor('HOST', `http://${address.includes(':') ? `[${address}]` : address}:${port}`, token)
}

function createFor(name: string, url: string, token: string | undefined): OpenedClient {
  try {
    return { client: createClient({ url, token, WebSocket }), url }
  } catch {
    const expected = name === 'HOST' ? 'a host name or address' : 'an http or https URL without credentials'
    throw new ConfigError([`${name} must be ${expected}`])
  }
}

function readToken(path: string): string {
  let token: string
  try {
    token = files.readFileSync(path, 'utf8').trim()
  } catch {
    throw new ConfigError(['--token-file: the file cannot be read'])
  }
  if (!TOKEN.test(token)) throw new ConfigError(['--token-file: the file must hold one access token'])
  return token
}
