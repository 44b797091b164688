import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import type { LogLevel } from './config/server-config.js'

/** JSON lines on standard output, or lines for people where one is looking. */
export function createLogger(level: LogLevel, output: NodeJS.WriteStream = process.stdout): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return output.isTTY
    ? pino(options, pretty({ destination: output, ignore: 'pid,hostname', translateTime: 'HH:MM:ss' }))
    : pino(options, output)
}
