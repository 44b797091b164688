/**
 * Makes calls share what they read. A read begins once the work of the moment is done, for all calls until then. A call
 * that comes during a read waits for the next one, so that no result is older than its call; if that read fails, so does
 * the call, which would only wait for as long once more.
 */
export function createSharedRead<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let current: Promise<Result> | undefined
  let next: Promise<Result> | undefined
  let hasBegun = false

  function begin(): Promise<Result> {
    next = undefined
    hasBegun = false
    const reading = Promise.resolve().then(() => {
      hasBegun = true
      return read()
    })
    current = reading
    function end(): void {
      if (current === reading) current = undefined
    }
    reading.then(end, () => {
      next = undefined
      end()
    })
    return reading
  }

  return () => {
    if (!current) return begin()
    if (!hasBegun) return current
    next ??= current.then(begin)
    return next
  }
}
