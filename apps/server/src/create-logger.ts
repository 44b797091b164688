import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from './config/server-config.js'
import { describeError } from './describe-error.js'
import { createLineRedactor, escapeControls, escapeForReading } from './log-line.js'

/** JSON lines on standard output, or lines for people where one is looking; without the secrets. */
export function createLogger(
  level: LogLevel,
  secrets: readonly string[] = [],
  output: NodeJS.WritableStream & { isTTY?: boolean } = process.stdout,
): Logger {
  const redact = createLineRedactor(secrets)
  const makeInert = output.isTTY ? escapeForReading : escapeControls
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    hooks: { streamWrite: (line: string) => makeInert(redact(line)) },
  }
  return output.isTTY
    ? pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options, output)
}
