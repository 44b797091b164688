import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLogger } from './create-logger.js'

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants

/** A log whose output is a named pipe, so that its reader can leave and come back. */
let folder = ''
let reader = -1
let fd = -1
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitmsg-log-'))
  execFileSync('mkfifo', [join(folder, 'pipe')])
  openReader()
  fd = openSync(join(folder, 'pipe'), O_WRONLY | O_NONBLOCK)
})
afterEach(() => {
  closeSync(fd)
  rmSync(folder, { recursive: true })
})

function openReader() {
  reader = openSync(join(folder, 'pipe'), O_RDONLY | O_NONBLOCK)
}

/** Reads until the given line arrives. Returns the lines so far. */
async function readUntil(msg: string) {
  let text = ''
  const buffer = Buffer.alloc(64 * 1024)
  await vi.waitFor(
    () => {
      for (let length = read(buffer); length > 0; length = read(buffer))
        text += buffer.toString('utf8', 0, length)
      expect(text).toContain(`"msg":"${msg}"}\n`)
    },
    { timeout: 10_000, interval: 20 },
  )
  closeSync(reader)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

function read(buffer: Buffer): number {
  try {
    return readSync(reader, buffer)
  } catch {
    return 0
  }
}

const openLog = (fd: number) =>
  createLogger('info', [], { fd, isTTY: false } as unknown as NodeJS.WriteStream)
const DROPPED = 'log lines dropped: the output could not be written'

it.each([
  ['its reader is gone', () => closeSync(reader), openReader],
  ['its reader reads nothing', () => {}, () => {}],
])('a log keeps and then counts lines while %s, and goes on afterwards', async (_, leave, comeBack) => {
  const logger = openLog(fd)
  logger.info('before')
  leave()
  for (let number = 0; number < 300; number += 1) logger.info({ number, filler: 'x'.repeat(10_000) }, 'line')
  comeBack()
  const lines = await readUntil(DROPPED)
  const numbers = lines.filter(({ msg }) => msg === 'line').map(({ number }) => number)
  expect(numbers).toEqual(numbers.map((_, index) => index))
  expect(numbers.length).toBeGreaterThan(90)
  expect(lines.at(-1)).toMatchObject({ level: 50, dropped: 300 - numbers.length })
})

it('a log on a full disk throws nothing', () => {
  const full = openSync('/dev/full', O_WRONLY)
  const logger = openLog(full)
  for (let number = 0; number < 300; number += 1) logger.info({ filler: 'x'.repeat(10_000) }, 'line')
  closeSync(full)
})
