import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { programPath } from './programs.js'

/** One of the benchmark's own programs, with which a measurement talks while it runs. */
export interface ForkedProgram {
  send(message: object | string): void
  /** Resolves with the next message; rejects if the program ends instead. */
  receive<Message>(): Promise<Message>
  stop(): Promise<void>
}

/** Starts a program. */
export function forkProgram(name: string, ...args: readonly string[]): ForkedProgram {
  const child = fork(programPath(name), args, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  return {
    send: (message) => void child.send(message),
    receive: <Message>() => Promise.race([messageOf<Message>(child), ended.then(() => rejectEnded(name))]),
    async stop() {
      kill()
      process.off('exit', kill)
      await ended
    },
  }
}

async function messageOf<Message>(child: ChildProcess): Promise<Message> {
  const [message] = await once(child, 'message')
  return message as Message
}

function rejectEnded(name: string): never {
  throw new Error(`The program ${name} ended`)
}
