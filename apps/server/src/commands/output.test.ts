import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, expect, it, vi } from 'vitest'
import { createPaint } from './output.js'

const { getColorDepth } = WriteStream.prototype

/** An output that is a terminal or not. */
function openOutput(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(new PassThrough(), { isTTY, getColorDepth }) as unknown as NodeJS.WriteStream
}

afterEach(() => vi.unstubAllEnvs())

it.each([
  ['on a terminal', true, {}, '\u001b[31mx\u001b[39m'],
  ['in a pipe', false, {}, 'x'],
  ['on a terminal with NO_COLOR', true, { NO_COLOR: '1' }, 'x'],
  ['on a terminal without colours', true, { TERM: 'dumb' }, 'x'],
])(
  'createPaint() colours texts on a terminal that has colours only: %s',
  (_, isTTY, environment, painted) => {
    for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS']) vi.stubEnv(name, undefined)
    vi.stubEnv('TERM', 'xterm-256color')
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    expect(createPaint(openOutput(isTTY))('red', 'x')).toBe(painted)
  },
)
