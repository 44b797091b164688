const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * Resolves with the signal's name when the process is told to stop. A second signal ends it at once: what
 * was acknowledged is in the database already.
 */
export function untilStopped(process: NodeJS.Process): Promise<string> {
  return new Promise((resolve) => {
    let stopping = false
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (stopping) process.exit(128 + number)
        stopping = true
        resolve(signal)
      })
    }
  })
}
