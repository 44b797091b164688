import { SingleBar } from 'cli-progress'

/** How far long work is. */
export interface Progress {
  /** `total`: how much there will be, where that is known. */
  update(done: number, total?: number): void
  stop(): void
}

const KNOWN_END = '{bar} {percentage}% | {value} of {total} {unit} | {eta_formatted}'
const OPEN_END = '{value} {unit} | {duration_formatted}'
/** Milliseconds between two lines where no person looks. */
const QUIET = 10_000

/** A bar where a person looks, a line now and then where not. `unit`: what is counted, in the plural. */
export function createProgress(unit: string, output: NodeJS.WriteStream): Progress {
  return output.isTTY ? createBar(unit, output) : createLines(unit, output)
}

function createBar(unit: string, stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | null = null
  return {
    update(done, total) {
      if (!bar) {
        const format = total === undefined ? OPEN_END : KNOWN_END
        bar = new SingleBar({ format, stream, clearOnComplete: true, hideCursor: true, gracefulExit: false })
        bar.start(total ?? 0, 0, { unit })
      }
      // What comes in meanwhile is read, too.
      if (total !== undefined) bar.setTotal(Math.max(total, done))
      bar.update(done)
    },
    stop() {
      bar?.stop()
      bar = null
    },
  }
}

function createLines(unit: string, output: NodeJS.WriteStream): Progress {
  let saidAt = performance.now()
  return {
    update(done, total) {
      if (performance.now() - saidAt < QUIET) return
      saidAt = performance.now()
      output.write(`${done}${total === undefined ? '' : ` of ${total}`} ${unit}\n`)
    },
    stop: () => {},
  }
}
