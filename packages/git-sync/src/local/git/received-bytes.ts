const UNITS: Readonly<Record<string, number>> = { bytes: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** git's own progress, about once a second; lines of the remote start with `remote:`. */
const PROGRESS = /^(?:Receiving|Unpacking) objects:.*?, ([\d.]+) (bytes|[KMG]iB)\b/
/** A longer line is not progress. */
const MAX_LINE_LENGTH = 1000

/** Reads from git's standard error how many bytes a fetch has received. Pass it every chunk. */
export function createReceivedReader(onReceived: (bytes: number) => void): (chunk: Buffer) => void {
  let line = ''
  return function read(chunk) {
    const lines = (line + chunk.toString('latin1')).split(/[\r\n]/)
    line = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH)
    for (const each of lines) {
      const [, count, unit = ''] = PROGRESS.exec(each) ?? []
      if (count !== undefined) onReceived(Number(count) * (UNITS[unit] ?? 1))
    }
  }
}
