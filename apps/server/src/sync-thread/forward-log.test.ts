import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { createLogger } from '../create-logger.js'
import { createForwardingLogger, writeForwarded } from './forward-log.js'

/** What is left of the lines that one thread forwarded and another wrote. */
function linesAt(level: 'info' | 'silent', log: (logger: ReturnType<typeof createForwardingLogger>) => void) {
  const lines: object[] = []
  const output = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  const logger = createLogger('info', ['a secret'], output)
  log(createForwardingLogger(level, (said) => writeForwarded(logger, structuredClone(said))))
  return lines
}

it('the lines of another thread are written as they would have been there, without secrets', () => {
  const cause = new TypeError('no such thing')
  const error = Object.assign(new Error('broken: a secret', { cause }), { code: 'corrupt', response: {} })
  const [info, failed, ...more] = linesAt('info', (logger) => {
    logger.debug({ number: 0 }, 'not asked for')
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
      stack: expect.stringContaining('forward-log.test.ts'),
      cause: { type: 'TypeError', message: 'no such thing', stack: expect.any(String) },
    },
    msg: 'something broke',
  })
  expect(more).toEqual([])
})

it('nothing is forwarded of what nobody wants to see', () => {
  expect(linesAt('silent', (logger) => logger.error({}, 'loud'))).toEqual([])
})
