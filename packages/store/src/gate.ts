import { toStoreError } from './sqlite/translate-error.js'
import { StoreError } from './store-error.js'

/** What every call goes through: it ends with a {@link StoreError} or well, and closing waits for it. */
export interface Gate {
  /** The operation, refused after {@link Gate.close}. */
  guard<Arguments extends unknown[], Result>(
    operation: (...given: Arguments) => Promise<Result>,
  ): (...given: Arguments) => Promise<Result>
  /** The same for an operation that answers at once. */
  guardSync<Result>(operation: () => Result): () => Result
  /** Lets nobody in any more, waits for those inside, then runs `finish`, once. */
  close(finish: () => Promise<void>): Promise<void>
}

/** A gate that is open. */
export function createGate(): Gate {
  const inside = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  const enter = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    try {
      assertOpen()
      return await operation()
    } catch (error) {
      throw toStoreError(error)
    }
  }
  const assertOpen = () => {
    if (closing) throw new StoreError('closed', 'the store was closed')
  }

  return {
    guard:
      (operation) =>
      (...given) => {
        const result = enter(() => operation(...given))
        const leave = () => inside.delete(result)
        inside.add(result)
        result.then(leave, leave)
        return result
      },
    guardSync: (operation) => () => {
      try {
        assertOpen()
        return operation()
      } catch (error) {
        throw toStoreError(error)
      }
    },
    close(finish) {
      closing ??= Promise.allSettled(inside).then(finish)
      return closing
    },
  }
}
