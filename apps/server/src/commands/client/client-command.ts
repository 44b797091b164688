import { type Client, ClientError } from '@gitmsg/client'
import type { Command } from 'commander'
import { describeFailure } from '../../client/describe-failure.js'
import { openClient, type ServerFlags } from '../../client/open-client.js'
import { ConfigError } from '../../config/server-config.js'
import { escapeControls } from '../../log/redact.js'
import { type CommandContext, type JsonFlag, jsonLine } from '../command-context.js'

/** The options of every command that sends requests to a server. */
export interface ClientFlags extends ServerFlags, JsonFlag {}

const URL_HELP = 'the server; default: GITMSG_URL, or the address that HOST and PORT name'
const TOKEN_HELP = 'a file with the access token to send'
const JSON_HELP = 'print JSON; the default unless standard output is a terminal'

/** Declares a command that sends requests to a server, and needs no data folder. */
export function addClientCommand(program: Command, name: string): Command {
  return program.command(name).option('--url <url>', URL_HELP).option('--token-file <path>', TOKEN_HELP)
}

/** The same for one that prints what the server returned. */
export const addPrintingCommand = (program: Command, name: string): Command =>
  addClientCommand(program, name).option('--json', JSON_HELP)

/**
 * Runs what a command does with its server.
 *
 * @throws {ConfigError} for options that are not valid
 * @throws {Error} that says why a call failed
 */
export async function withClient(
  { environment }: Pick<CommandContext, 'environment'>,
  flags: ServerFlags,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const { client, url } = openClient(flags, environment)
  try {
    await work(client)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const text = describeFailure(error, url)
    throw error.code === 'invalid-argument' ? new ConfigError([text]) : new Error(text)
  }
}

/** Prints a value, and resolves with whether the next one can still be printed. */
export type Printer<Value> = (value: Value) => Promise<boolean>

/**
 * Prints values for people on a terminal, elsewhere or if asked to as lines of JSON. Whatever a value contains, a
 * terminal receives no control characters: `describe` must escape them.
 *
 * @throws the system's error if standard output cannot be written; not if its reader has closed it
 */
export function createPrinter<Value extends object>(
  { process, print, paint }: Pick<CommandContext, 'process' | 'print' | 'paint'>,
  { json = false }: JsonFlag,
  describe: (value: Value, paint: CommandContext['paint']) => string,
): Printer<Value> {
  const { stdout } = process
  let failure: NodeJS.ErrnoException | undefined
  // Node.js opens standard output again after an error, so that it must be caught when it happens.
  stdout.on('error', (error) => {
    failure ??= error
  })

  const format = (value: Value) => {
    if (!stdout.isTTY) return jsonLine(value)
    return json ? escapeControls(jsonLine(value)) : describe(value, paint)
  }
  return async (value) => {
    await print(format(value))
    if (failure && failure.code !== 'EPIPE') throw failure
    return failure === undefined
  }
}
