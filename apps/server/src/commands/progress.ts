import { SingleBar } from 'cli-progress'

/** Shows how far a long-running command is. */
export interface Progress {
  /** Shows that `done` units are done, of `total` if that is known. */
  update(done: number, total?: number): void
  /** Removes what is shown. An update shows it again. */
  stop(): void
}

const FORMAT_WITH_TOTAL = '{bar} {percentage}% | {value} of {total} {unit} | {eta_formatted}'
const FORMAT_WITHOUT_TOTAL = '{value} {unit} | {duration_formatted}'
/** The time between two lines on an output that is not a terminal. */
const LINE_INTERVAL_MS = 10_000

/**
 * Shows a progress bar on a terminal, and a line every ten seconds elsewhere.
 *
 * @param unit what is counted, in the plural
 */
export function createProgress(unit: string, output: NodeJS.WriteStream): Progress {
  return output.isTTY ? createBar(unit, output) : createLines(unit, output)
}

function createBar(unit: string, stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | null = null
  return {
    update(done, total) {
      if (!bar) {
        const format = total === undefined ? FORMAT_WITHOUT_TOTAL : FORMAT_WITH_TOTAL
        bar = new SingleBar({ format, stream, clearOnComplete: true, hideCursor: true, gracefulExit: false })
        bar.start(total ?? 0, 0, { unit })
      }
      // Messages posted meanwhile are counted, too, and may exceed the total.
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
  let writtenAt = performance.now()
  return {
    update(done, total) {
      if (performance.now() - writtenAt < LINE_INTERVAL_MS) return
      writtenAt = performance.now()
      output.write(`${done}${total === undefined ? '' : ` of ${total}`} ${unit}\n`)
    },
    stop: () => {},
  }
}
