import { StoreError } from './store-error.js'

/**
 * Wraps every method of a store, so that each one fails with a {@link StoreError} only, rejects once the store is
 * closed, and finishes before the file is closed.
 */
export interface Gate {
  /** Wraps a method. */
  guard<Arguments extends unknown[], Result>(
    operation: (...given: Arguments) => Promise<Result>,
  ): (...given: Arguments) => Promise<Result>
  /** Rejects new calls with `closed`, waits for the running ones, then runs `finish`. Runs it once. */
  close(finish: () => Promise<void>): Promise<void>
}

/** Creates an open gate; `toStoreError` translates what the database throws. */
export function createGate(toStoreError: (error: unknown) => StoreError): Gate {
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  function assertOpen(): void {
    if (closing) throw new StoreError('closed', 'the store is closed')
  }

  async function run<Result>(operation: () => Promise<Result>): Promise<Result> {
    try {
      assertOpen()
      return await operation()
    } catch (error) {
      throw toStoreError(error)
    }
  }

  return {
    guard(operation) {
      return (...given) => {
        const result = run(() => operation(...given))
        const forget = () => running.delete(result)
        running.add(result)
        result.then(forget, forget)
        return result
      }
    },
    close(finish) {
      closing ??= Promise.allSettled(running).then(finish)
      return closing
    },
  }
}
