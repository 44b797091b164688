const undos = new Set<() => void>()

/**
 * Registers how to undo a change to the machine: a mount, a process, a folder. Whatever happens, it is undone when
 * the drill ends, the newest change first.
 *
 * @param undo synchronous, because nothing else runs while a process exits
 * @returns undoes the change now
 */
export function onCleanup(undo: () => void): () => void {
  undos.add(undo)
  return () => {
    if (undos.delete(undo)) undo()
  }
}

/** Undoes everything that is left when the process exits, also because of a signal. */
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

/** Undoes everything that is left. If one undo fails, the rest still run. */
export function cleanUp(): void {
  for (const undo of [...undos].reverse()) {
    undos.delete(undo)
    try {
      undo()
    } catch (error) {
      process.stderr.write(`Cannot clean up: ${error}\n`)
    }
  }
}
