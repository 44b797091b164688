import { AccountsError } from './accounts-error.js'

type Methods = Readonly<Record<string, (...given: never[]) => Promise<unknown>>>

/**
 * Wraps the methods of an object, so that each fails with an {@link AccountsError} only, rejects once the accounts are
 * closed, and finishes before the database is closed.
 */
export interface Gate {
  guard<Group extends object>(group: Group): Group
  /** Rejects new calls with `closed`, waits for the running ones, then runs `finish`. Runs it once. */
  close(finish: () => Promise<void>): Promise<void>
}

/** Creates an open gate. `toError` turns what a method throws into what it rejects with. */
export function createGate(toError: (error: unknown) => AccountsError): Gate {
  const running = new Set<Promise<unknown>>()
  let closing: Promise<void> | undefined

  async function run<Result>(operation: () => Promise<Result>): Promise<Result> {
    try {
      if (closing) throw new AccountsError('closed', 'the accounts are closed')
      return await operation()
    } catch (error) {
      throw toError(error)
    }
  }

  function guardOne(operation: (...given: never[]) => Promise<unknown>) {
    return (...given: never[]) => {
      const result = run(() => operation(...given))
      const forget = () => running.delete(result)
      running.add(result)
      result.then(forget, forget)
      return result
    }
  }

  return {
    guard<Group extends object>(group: Group) {
      const methods = Object.entries(group as unknown as Methods)
      return Object.fromEntries(methods.map(([name, method]) => [name, guardOne(method)])) as unknown as Group
    },
    close(finish) {
      closing ??= Promise.allSettled(running).then(finish)
      return closing
    },
  }
}
