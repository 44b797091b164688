import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type CommandContext, createPrint } from '../command-context.js'
import { createPrinter } from './client-command.js'

const VALUE = { text: 'a\u001b\u009b' }

/** Prints a value, and returns what was written. */
async function print({ isTTY, json }: { isTTY: boolean; json: boolean }): Promise<string> {
  const stdout = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream
  const context = { process: { stdout }, print: createPrint(stdout) } as unknown as CommandContext
  const isOpen = await createPrinter<typeof VALUE>(context, { json }, () => 'for people\n')(VALUE)
  expect(isOpen).toBe(true)
  return String(stdout.read())
}

/** Prints to an output that fails, and stays open as standard output does. */
async function printFailing(code: string): Promise<boolean> {
  const stdout = new PassThrough() as unknown as NodeJS.WriteStream
  stdout.write = () => {
    stdout.emit('error', Object.assign(new Error(`write ${code}`), { code }))
    return true
  }
  const context = { process: { stdout }, print: createPrint(stdout) } as unknown as CommandContext
  return createPrinter<typeof VALUE>(context, {}, () => '')(VALUE)
}

describe('createPrinter()', () => {
  it('prints for people on a terminal', async () => {
    expect(await print({ isTTY: true, json: false })).toBe('for people\n')
  })

  it('prints JSON elsewhere', async () => {
    expect(await print({ isTTY: false, json: false })).toBe('{"text":"a\\u001b\u009b"}\n')
  })

  // Covers IN-30
  it('prints JSON on a terminal if asked to, without characters that act on it', async () => {
    expect(await print({ isTTY: true, json: true })).toBe('{"text":"a\\u001b\\u009b"}\n')
  })

  it('reports that the reader has closed the output', async () => {
    expect(await printFailing('EPIPE')).toBe(false)
  })

  it('rejects if the output cannot be written', async () => {
    await expect(printFailing('ENOSPC')).rejects.toThrow('ENOSPC')
  })
})
