const undos = new Set<() => void>()

/**
 * Remembers how to undo what was done to the machine: a mount, a process, a folder. Whatever happens, it is
 * undone when the drill ends; the newest first.
 *
 * @param undo synchronous, because nothing else can run while a process exits
 * @returns undoes it now
 */
export function onCleanup(undo: () => void): () => void {
  undos.add(undo)
  return () => {
    if (undos.delete(undo)) undo()
  }
}

/** Undoes everything that is left, also when the process is told to stop. */
export function cleanUpAtExit(): void {
  process.on('exit', cleanUp)
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.on(signal, () => process.exit(128 + number))
  }
}

/** Undoes everything that is left; one undo that fails does not keep the others from being tried. */
export function cleanUp(): void {
  for (const undo of [...undos].reverse()) {
    undos.delete(undo)
    try {
      undo()
    } catch (error) {
      process.stderr.write(`Could not clean up: ${error}\n`)
    }
  }
}
