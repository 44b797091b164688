const INTERVAL_MS = 5

/** Watches the memory of this process from now on. */
export function watchMemory() {
  const start = process.memoryUsage.rss()
  let peak = start
  const timer = setInterval(measure, INTERVAL_MS).unref()

  function measure(): void {
    peak = Math.max(peak, process.memoryUsage.rss())
  }

  return {
    /** Ends the watch. Returns by how many bytes the memory had grown at most. */
    growth(): number {
      clearInterval(timer)
      measure()
      return peak - start
    },
  }
}
