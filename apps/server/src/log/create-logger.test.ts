import { PassThrough } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLogger } from './create-logger.js'

const token = 'gh"p_se/cret+token'
/** Escape, C1, line separators, bidirectional controls, and a line that imitates a log line. */
const HOSTILE = '\u001b[31m\u0007\u007f\u009b2J\u2028\u2029\u202e\u2066\r\n{"level":60,"msg":"forged"}'
// biome-ignore lint/suspicious/noControlCharactersInRegex: these must not appear
const ACTIVE = /[\u0007\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\r]|\u001b\[31m/

async function logged(
  isTTY: boolean,
  write: (logger: ReturnType<typeof createLogger>) => void,
): Promise<string> {
  const output = Object.assign(new PassThrough(), { isTTY })
  write(createLogger('debug', [token, 'x'], output))
  await pause(20)
  return String(output.read())
}

describe.each([
  ['in JSON lines', false],
  ['in terminal lines', true],
])('createLogger() %s', (_, isTTY) => {
  // Covers V16.2.5
  it('writes no secret, in any encoding', async () => {
    const forms = [
      token,
      encodeURIComponent(token),
      encodeURIComponent(token).toLowerCase(),
      JSON.stringify({ token }),
      Buffer.from(token).toString('base64'),
      Buffer.from(`x-access-token:${token}`).toString('base64'),
    ]
    const text = await logged(isTTY, (logger) => {
      for (const form of forms) {
        logger.info({ url: `https://${form}@example.org`, nested: { form } }, `with ${form}`)
        logger.error({ err: new Error(`refused ${form}`, { cause: new Error(form) }) }, 'failed')
      }
      logger.info(`gitmsg_${'a'.repeat(43)}`)
    })
    for (const form of [...forms, 'cret+token', 'gitmsg_aaaa']) expect(text).not.toContain(form)
    expect(text).toContain('[redacted]')
  })

  // Covers IN-30, V16.4.1
  it('escapes control characters, and lets no value forge a line', async () => {
    const text = await logged(isTTY, (logger) => {
      logger.warn({ reason: HOSTILE, [HOSTILE]: 1 }, HOSTILE)
      logger.error({ err: new Error(HOSTILE) }, 'failed')
    })
    expect(text).not.toMatch(ACTIVE)
    expect(text).not.toMatch(/^\s*\{"level":60/m)
    expect(text).toContain('\\u202e')
  })
})

it('createLogger() logs the stack and cause of an error, and no property that a library added', async () => {
  const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), {
    code: 'E1',
    request: { body: 'text of a message', headers: { authorization: 'token' } },
  })
  const line = await logged(false, (logger) => logger.error({ err: error }, 'failed'))
  const { err } = JSON.parse(line)
  expect(err).toMatchObject({ type: 'Error', code: 'E1', message: 'outer', cause: { message: 'inner' } })
  expect(err.stack).toContain('create-logger.test.ts')
  expect(line).not.toContain('text of a message')
})
