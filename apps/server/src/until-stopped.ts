const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * Resolves with the name of the first SIGINT or SIGTERM that the process receives. The second ends the process at
 * once with the exit code 128 + signal number; acknowledged messages are in the database by then.
 */
export function untilStopped(process: NodeJS.Process): Promise<string> {
  return new Promise((resolve) => {
    let stopping = false
    for (const [signal, number] of Object.entries(SIGNAL_NUMBERS)) {
      process.on(signal, () => {
        if (stopping) process.exit(128 + number)
        stopping = true
        resolve(signal)
      })
    }
  })
}

/** Returns a signal that aborts where {@link untilStopped} resolves. */
export function abortOnStop(process: NodeJS.Process): AbortSignal {
  const controller = new AbortController()
  untilStopped(process).then(() => controller.abort())
  return controller.signal
}
