import { PassThrough } from 'node:stream'
import { pino } from 'pino'

/** A logger, and the lines that it has written since `lines` was last called. */
export function openLog(level = 'info') {
  const output = new PassThrough()
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  return {
    logger: pino(options, output),
    lines: (): Record<string, unknown>[] => {
      const text = String(output.read() ?? '')
      return text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []))
    },
  }
}
