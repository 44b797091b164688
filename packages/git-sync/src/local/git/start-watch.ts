import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'

const CHANNEL = 'child_process'

/** Looks out for a program that cannot be started. */
export interface StartWatch {
  /** Why it could not be started; `undefined` where it could. To be asked once its starting has gone wrong. */
  failure(): Promise<unknown>
  stop(): void
}

/**
 * Takes charge of a child that Node.js could give no pipes, because no file descriptor was left.
 *
 * simple-git does not expect such a child: it breaks off before it listens for the child's error, and an
 * error that nobody listens for ends the process.
 */
export function watchStart(program: string, args: readonly string[]): StartWatch {
  let failed: Promise<unknown> | undefined

  const look = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess }
    // What it was made for is known only once it was started; its error comes in a later tick.
    process.nextTick(() => {
      if (child.stdout || !isStartOf(child, program, args)) return
      failed = once(child, 'error').then(([error]) => error)
    })
  }
  subscribe(CHANNEL, look)

  return {
    async failure() {
      await nextTurn()
      return failed
    },
    stop: () => void unsubscribe(CHANNEL, look),
  }
}

const isStartOf = (
  { spawnfile, spawnargs }: ChildProcess,
  program: string,
  args: readonly string[],
): boolean => spawnfile === program && JSON.stringify(spawnargs.slice(1)) === JSON.stringify(args)
