import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { createLogger } from '../log/create-logger.js'
import { createReportingLogger, writeReportedLine } from './thread-messages.js'

/** Returns the lines that one thread reported and another wrote. */
function linesAt(level: 'info' | 'silent', log: (logger: ReturnType<typeof createReportingLogger>) => void) {
  const lines: object[] = []
  const output = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  const logger = createLogger('info', ['a secret'], output)
  log(createReportingLogger(level, (line) => writeReportedLine(logger, structuredClone(line))))
  return lines
}

it('writeReportedLine() writes the lines of the sync thread like lines of its own, without secrets', () => {
  const cause = new TypeError('no such thing')
  const error = Object.assign(new Error('broken: a secret', { cause }), { code: 'corrupt', response: {} })
  const [info, failed, ...more] = linesAt('info', (logger) => {
    logger.debug({ number: 0 }, 'below the level')
    logger.info({ number: 1 }, 'something')
    logger.error({ err: error, commits: 2 }, 'something broke')
  })
  expect(info).toEqual({ level: 30, time: expect.any(String), number: 1, msg: 'something' })
  expect(failed).toEqual({
    level: 50,
    time: expect.any(String),
    commits: 2,
    err: {
      type: 'Error',
      code: 'corrupt',
      message: 'broken: [redacted]',
      stack: expect.stringContaining('thread-messages.test.ts'),
      cause: { type: 'TypeError', message: 'no such thing', stack: expect.any(String) },
    },
    msg: 'something broke',
  })
  expect(more).toEqual([])
})

it('createReportingLogger() reports no line below its level, and none if that is silent', () => {
  expect(linesAt('silent', (logger) => logger.error({}, 'loud'))).toEqual([])
})
