import { writeSync } from 'node:fs'
import { Writable } from 'node:stream'

/** How many bytes of lines wait while the output cannot be written. Further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024
const RETRY_MS = 50
/** How long a process that ends waits for a reader that is slow. */
const EXIT_FLUSH_MS = 500
const EXIT_POLL_MS = 10

/**
 * Creates a stream that writes lines to a file descriptor and never fails or blocks: while the output cannot be
 * written, because its reader is gone or stalled or the disk is full, lines wait in memory, up to
 * {@link MAX_WAITING_BYTES}. A line that was cut short is continued where it ended.
 *
 * @param onResumed called once everything is written again, with the number of lines that were dropped
 */
export function createLogOutput(fd: number, onResumed: (dropped: number) => void): Writable {
  const waiting: Buffer[] = []
  let waitingBytes = 0
  let dropped = 0
  let retry: NodeJS.Timeout | undefined

  function add(line: Buffer): void {
    if (waitingBytes + line.length > MAX_WAITING_BYTES) dropped += 1
    else {
      waiting.push(line)
      waitingBytes += line.length
    }
    flush()
  }

  function flush(): void {
    clearTimeout(retry)
    while (waiting.length > 0) {
      if (!writeFirst()) return void retryLater()
    }
    if (dropped === 0) return
    const count = dropped
    dropped = 0
    onResumed(count)
  }

  /** Writes what it can of the first line. Returns whether anything was written. */
  function writeFirst(): boolean {
    const [line = Buffer.alloc(0)] = waiting
    try {
      const written = writeSync(fd, line)
      waitingBytes -= written
      if (written === line.length) waiting.shift()
      else waiting[0] = line.subarray(written)
      return true
    } catch {
      return false // the error cannot be logged: this is the log
    }
  }

  function retryLater(): void {
    retry = setTimeout(flush, RETRY_MS).unref()
    if (!process.listeners('exit').includes(flushAtExit)) process.on('exit', flushAtExit)
  }

  function flushAtExit(): void {
    const end = performance.now() + EXIT_FLUSH_MS
    while (waiting.length > 0 && performance.now() < end) {
      if (!writeFirst()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, EXIT_POLL_MS)
    }
  }

  return new Writable({
    write(line, _encoding, done) {
      add(line)
      done()
    },
  })
}
