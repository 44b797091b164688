import type { Logger } from '@gitmsg/git-sync'
import { LOG_LEVELS, type LogLevel } from '../config/server-config.js'
import { describeError, toError } from '../describe-error.js'
import type { ThreadReport } from './thread-messages.js'

type LogReport = Extract<ThreadReport, { type: 'log' }>

/** A logger whose lines are written by another thread, so that there is one who writes. */
export function createForwardingLogger(level: LogLevel, report: (said: LogReport) => void): Logger {
  const most = level === 'silent' ? -1 : LOG_LEVELS.indexOf(level)
  const forward = (level: LogReport['level']) => {
    if (LOG_LEVELS.indexOf(level) > most) return () => {}
    return (given: object, text: string) => {
      const { err, ...fields } = given as { err?: unknown }
      const error = err === undefined ? undefined : describeError(err)
      report({ type: 'log', level, fields, error, text })
    }
  }
  return {
    debug: forward('debug'),
    info: forward('info'),
    warn: forward('warn'),
    error: forward('error'),
  }
}

/** Writes a line that another thread forwarded. */
export function writeForwarded(logger: Logger, { level, fields, error, text }: LogReport): void {
  logger[level](error === undefined ? fields : { ...fields, err: toError(error) }, text)
}
