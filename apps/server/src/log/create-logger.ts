import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from '../config/server-config.js'
import { describeError } from './describe-error.js'
import { createLineRedactor, escapeControls, escapeDecodedControls } from './redact-line.js'

/**
 * Creates the server's logger: formatted lines on a terminal, JSON lines everywhere else.
 *
 * @param secrets texts to replace with `[redacted]` in every line
 * @param output default: standard output
 */
export function createLogger(
  level: LogLevel,
  secrets: readonly string[] = [],
  output: NodeJS.WritableStream & { isTTY?: boolean } = process.stdout,
): Logger {
  const redact = createLineRedactor(secrets)
  const neutralize = output.isTTY ? escapeDecodedControls : escapeControls
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    hooks: { streamWrite: (line: string) => neutralize(redact(line)) },
  }
  return output.isTTY
    ? pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options, output)
}
