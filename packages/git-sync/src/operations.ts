import { abortedError, throwIfAborted } from './aborted.js'

/** What operations stand on. */
interface Ground {
  /** To be ready before an operation begins; does nothing once it is. */
  open(signal: AbortSignal): Promise<void>
  /** Is told of every failure; answers the error to throw. */
  failed(error: unknown): Promise<unknown>
}

/** Runs a backend's operations: on ground that is ready, and so that they can be ended. */
export interface Operations {
  /** Runs `work` with a signal that the caller's own, or {@link Operations.endAll}, aborts. */
  perform<Result>(
    outer: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result>
  /** Like `perform`, for an operation that yields as it goes. */
  stream<Item>(
    outer: AbortSignal | undefined,
    work: (signal: AbortSignal) => AsyncIterable<Item>,
  ): AsyncGenerator<Item>
  /** Ends what is under way, and everything that would begin later. */
  endAll(): void
}

/** Operations on one repository. */
export function createOperations(ground: Ground): Operations {
  const underWay = new Set<AbortController>()
  let ended = false

  const stream: Operations['stream'] = async function* (outer, work) {
    if (ended) throw abortedError()
    throwIfAborted(outer)
    const controller = new AbortController()
    const abort = (): void => controller.abort()
    outer?.addEventListener('abort', abort)
    underWay.add(controller)
    try {
      await ground.open(controller.signal)
      yield* work(controller.signal)
    } catch (error) {
      throw await ground.failed(error)
    } finally {
      outer?.removeEventListener('abort', abort)
      underWay.delete(controller)
    }
  }

  return {
    stream,
    async perform(outer, work) {
      // A stream of one item, which then is run to its end.
      const operation = stream(outer, async function* (signal) {
        yield await work(signal)
      })
      const { value } = await operation.next()
      await operation.next()
      return value
    },
    endAll() {
      ended = true
      for (const controller of underWay) controller.abort()
    },
  }
}
