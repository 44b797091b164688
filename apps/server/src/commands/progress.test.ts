import { PassThrough } from 'node:stream'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createProgress } from './progress.js'

afterEach(() => vi.restoreAllMocks())

function openOutput(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    cursorTo() {},
    clearLine() {},
    moveCursor() {},
  })
  return { stream: output as unknown as NodeJS.WriteStream, text: () => String(output.read() ?? '') }
}

describe('createProgress() on an output that is not a terminal', () => {
  it('writes a line every ten seconds', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    const { stream, text } = openOutput(false)
    const progress = createProgress('files', stream)
    progress.update(1, 10)
    now.mockReturnValue(9_999)
    progress.update(2, 10)
    expect(text()).toBe('')
    now.mockReturnValue(10_000)
    progress.update(3, 10)
    progress.update(4, 10)
    expect(text()).toBe('3 of 10 files\n')
    now.mockReturnValue(20_000)
    progress.update(5)
    progress.stop()
    expect(text()).toBe('5 files\n')
  })
})

describe('createProgress() on a terminal', () => {
  it('shows a bar of the total', () => {
    const { stream, text } = openOutput(true)
    const progress = createProgress('files', stream)
    progress.update(5, 10)
    progress.stop()
    expect(text()).toMatch(/\d+% \| \d+ of 10 files/)
  })

  it('shows a number if the total is not known', () => {
    const { stream, text } = openOutput(true)
    const progress = createProgress('commits', stream)
    progress.update(5)
    progress.stop()
    expect(text()).toMatch(/\d+ commits \|/)
  })
})
