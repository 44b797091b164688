import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import { abortOnStop, untilStopped } from './until-stopped.js'

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
  ] as const)('ends the process on the second signal: %s', (signal, code) => {
    const { process, exit } = createProcess()
    untilStopped(process)
    process.emit('SIGTERM')
    process.emit(signal)
    expect(exit.mock.calls).toEqual([[code]])
  })
})

it('abortOnStop() aborts its signal when the process is stopped', async () => {
  const { process } = createProcess()
  const signal = abortOnStop(process)
  expect(signal.aborted).toBe(false)
  process.emit('SIGINT')
  await vi.waitFor(() => expect(signal.aborted).toBe(true))
})
