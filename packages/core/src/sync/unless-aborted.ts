/** Begins `work` and waits for it; once the signal aborts, rejects with its reason, while the work goes on. */
export async function unlessAborted<Result>(
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (!signal) return work()
  signal.throwIfAborted()
  let stopListening = () => {}
  const aborted = new Promise<never>((_, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    stopListening = () => signal.removeEventListener('abort', abort)
  })
  return Promise.race([work(), aborted]).finally(stopListening)
}
