// What the server and its sync thread exchange beside the synchronizer's own messages: those are @gitmsg/core's,
// on the thread's own port. Reports have a port to themselves, so that each port carries one protocol.
import type { MessagePort } from 'node:worker_threads'
import type { BackendEvent, Logger } from '@gitmsg/git-sync'
import type { Environment, ServerConfig } from '../config/server-config.js'
import { LOG_LEVELS, type LogLevel } from '../config/settings/server-settings.js'
import { type DescribedError, describeError, toError } from '../log/redact.js'

/** What the server passes to the thread at its start. */
export interface SyncThreadData {
  readonly config: ServerConfig
  readonly environment: Environment
  /** Where the thread sends its reports. */
  readonly reports: MessagePort
}

/** What the thread sends to the server: an event of its backend, or a line for the log. */
export type ThreadReport = { readonly type: 'backend-event'; readonly event: BackendEvent } | LogReport

/** A line for the log. `error` is described, because an `Error` loses its properties on the way. */
export interface LogReport {
  readonly type: 'log'
  readonly level: keyof Logger
  readonly fields: object
  readonly error: DescribedError | undefined
  readonly text: string
}

/** Creates the thread's logger, which passes lines at or above `level` to `report` instead of writing them. */
export function createReportingLogger(level: LogLevel, report: (line: LogReport) => void): Logger {
  const lowest = level === 'silent' ? -1 : LOG_LEVELS.indexOf(level)
  const reportAt = (level: LogReport['level']) => {
    if (LOG_LEVELS.indexOf(level) > lowest) return () => {}
    return (given: object, text: string) => {
      const { err, ...fields } = given as { err?: unknown }
      const error = err === undefined ? undefined : describeError(err)
      report({ type: 'log', level, fields, error, text })
    }
  }
  return {
    debug: reportAt('debug'),
    info: reportAt('info'),
    warn: reportAt('warn'),
    error: reportAt('error'),
  }
}

/** Writes a line that the thread reported to the server's log. */
export function writeReportedLine(logger: Logger, { level, fields, error, text }: LogReport): void {
  logger[level](error === undefined ? fields : { ...fields, err: toError(error) }, text)
}
