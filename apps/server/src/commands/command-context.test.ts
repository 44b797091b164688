import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { abortOnStop, createPaint, createPrint, jsonLine, untilStopped } from './command-context.js'

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

describe('createPrint()', () => {
  it('writes texts in order', async () => {
    const output = new PassThrough()
    const print = createPrint(output as unknown as NodeJS.WriteStream)
    await print('one\n')
    await print('two\n')
    expect(String(output.read())).toBe('one\ntwo\n')
  })

  it('waits until a slow reader has read', async () => {
    const output = new PassThrough({ highWaterMark: 1 })
    const print = createPrint(output as unknown as NodeJS.WriteStream)
    let isPrinted = false
    const printing = print('a longer text').then(() => {
      isPrinted = true
    })
    await new Promise(setImmediate)
    expect(isPrinted).toBe(false)
    output.resume()
    await printing
  })

  it('drops texts after the reader has gone', async () => {
    const output = new PassThrough({ highWaterMark: 1 })
    const print = createPrint(output as unknown as NodeJS.WriteStream)
    const printing = print('a longer text')
    output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await printing
    await print('more')
  })
})

it('jsonLine() formats fields on one line', () => {
  expect(jsonLine({ a: 'x\ny', b: null })).toBe('{"a":"x\\ny","b":null}\n')
})

/** A process that only receives signals and records its exit codes. */
function createProcess() {
  const exit = vi.fn()
  const process = Object.assign(new EventEmitter(), { exit }) as unknown as NodeJS.Process
  return { process, exit }
}

describe('untilStopped()', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('resolves with the first signal: %s', async (signal) => {
    const { process, exit } = createProcess()
    const stopped = untilStopped(process)
    process.emit(signal)
    expect(await stopped).toBe(signal)
    expect(exit).not.toHaveBeenCalled()
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends the process on another signal, unless the first one is only passed on: %s',
    (signal, code) => {
      const now = vi.spyOn(performance, 'now').mockReturnValue(1_000)
      onTestFinished(() => now.mockRestore())
      const { process, exit } = createProcess()
      untilStopped(process)
      process.emit('SIGTERM')
      now.mockReturnValue(1_499)
      process.emit(signal)
      expect(exit).not.toHaveBeenCalled()
      now.mockReturnValue(1_500)
      process.emit(signal)
      expect(exit.mock.calls).toEqual([[code]])
    },
  )
})

it('abortOnStop() aborts its signal when the process is stopped', async () => {
  const { process } = createProcess()
  const signal = abortOnStop(process)
  expect(signal.aborted).toBe(false)
  process.emit('SIGINT')
  await vi.waitFor(() => expect(signal.aborted).toBe(true))
})
