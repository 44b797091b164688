import { abortedError, throwIfAborted } from './git-sync-error.js'

/** What happens around every operation. */
interface Lifecycle {
  /** Runs before each operation; does nothing once the repository is open. */
  open(signal: AbortSignal): Promise<void>
  /** Receives every failure and resolves with the error to throw. */
  failed(error: unknown): Promise<unknown>
}

/** Runs a backend's operations: on an open repository, and so that they can be aborted. */
export interface Operations {
  /** Runs `work` with a signal that aborts with the caller's own or with {@link Operations.endAll}. */
  perform<Result>(
    outer: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result>
  /** Like `perform`, for an operation that yields as it goes. */
  stream<Item>(
    outer: AbortSignal | undefined,
    work: (signal: AbortSignal) => AsyncIterable<Item>,
  ): AsyncGenerator<Item>
  /** Aborts what is running and everything that is started later. */
  endAll(): void
}

/** Operations on one repository. */
export function createOperations(lifecycle: Lifecycle): Operations {
  const running = new Set<AbortController>()
  let ended = false

  const stream: Operations['stream'] = async function* (outer, work) {
    if (ended) throw abortedError()
    throwIfAborted(outer)
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    outer?.addEventListener('abort', abort)
    running.add(controller)
    try {
      await lifecycle.open(controller.signal)
      yield* work(controller.signal)
    } catch (error) {
      throw await lifecycle.failed(error)
    } finally {
      outer?.removeEventListener('abort', abort)
      running.delete(controller)
    }
  }

  return {
    stream,
    async perform(outer, work) {
      // A stream of one item, run to its end.
      const operation = stream(outer, async function* (signal) {
        yield await work(signal)
      })
      const { value } = await operation.next()
      await operation.next()
      return value
    },
    endAll() {
      ended = true
      for (const controller of running) controller.abort()
    },
  }
}
