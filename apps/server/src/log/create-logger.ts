import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from '../config/settings/server-settings.js'
import { createLogOutput } from './log-output.js'
import { createLineRedactor, describeError, escapeControls, escapeDecodedControls } from './redact.js'

/**
 * Creates the server's logger: formatted lines on a terminal, JSON lines everywhere else. Logging never fails:
 * while a file descriptor cannot be written, lines wait or are dropped, and their number is logged afterwards.
 *
 * @param secrets texts to replace with `[redacted]` in every line
 * @param output default: standard output
 */
export function createLogger(
  level: LogLevel,
  secrets: readonly string[] = [],
  output: NodeJS.WritableStream & { isTTY?: boolean; fd?: number } = process.stdout,
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
  const destination = output.fd === undefined ? output : createLogOutput(output.fd, logDropped)
  const logger = output.isTTY
    ? pino(options, pretty({ destination, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options, destination)
  return logger

  function logDropped(dropped: number): void {
    logger.error({ dropped }, 'log lines dropped: the output could not be written')
  }
}
