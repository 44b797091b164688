import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { onCleanup } from './cleanup.js'
import type { SeededRandom } from './seeded-random.js'
import { pause } from './wait.js'

const IDLE_MS = 60_000
const SLOW_BYTES = 256
const SLOW_STEP_MS = 125
const RESET_AFTER_MS = { min: 50, max: 4_000 }
const STALL_AFTER_MS = { min: 200, max: 5_000 }

/**
 * What is wrong with a line between clients and a server.
 *
 * - `idle`: a connection is closed if nothing passes for a while, as by a proxy
 * - `reset`: a connection is reset at a random moment
 * - `half-open`: from a random moment on nothing passes, and neither end notices
 * - `slow`: 2 KiB pass in a second
 * - `byte-by-byte`: every byte is sent alone
 */
export type Fault = 'idle' | 'reset' | 'half-open' | 'slow' | 'byte-by-byte'

/** A TCP proxy with one fault. */
export interface BadLine {
  /** For `GITMSG_ALLOWED_HOSTS`. */
  readonly host: string
  readonly url: string
  /** How many connections had the fault. */
  readonly injected: () => number
  /** Closes all connections; those that follow have no fault. */
  repair(): void
}

export interface BadLineOptions {
  readonly fault: Fault
  readonly random: SeededRandom
  /** Returns the port of the server, which may change. */
  readonly target: () => number
  /** For how long nothing passes before the fault `idle` closes a connection. Default: 60,000, as common proxies do. */
  readonly idleMs?: number | undefined
}

/** One connection through a line. */
interface Pair {
  readonly client: Socket
  readonly server: Socket
  readonly random: SeededRandom
  readonly idleMs: number
  /** Counts the fault. */
  readonly inject: () => void
}

/** Passes on what arrived at one end. */
type Pass = (chunk: Buffer, to: Socket) => Promise<void>

const FAULTS: Readonly<Record<Fault, (pair: Pair) => Pass>> = {
  idle: closeIdle,
  reset: resetSoon,
  'half-open': stallSoon,
  slow: passSlowly,
  'byte-by-byte': passBytes,
}

/** Listens on a free port of the loopback. */
export async function openBadLine(options: BadLineOptions): Promise<BadLine> {
  const { fault, target, random, idleMs = IDLE_MS } = options
  const sockets = new Set<Socket>()
  let injected = 0
  let isRepaired = false

  function accept(client: Socket): void {
    const server = connect(target(), '127.0.0.1')
    let isInjected = false
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.once('close', () => sockets.delete(socket))
    }
    function inject(): void {
      if (!isInjected) injected += 1
      isInjected = true
    }
    const pass = isRepaired ? write : FAULTS[fault]({ client, server, random, idleMs, inject })
    void carry(client, server, pass)
    void carry(server, client, pass)
  }

  function closeAll(): void {
    for (const socket of sockets) socket.destroy()
  }

  const listener = createServer(accept).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onCleanup(() => {
    listener.close()
    closeAll()
  })
  const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}/`,
    injected: () => injected,
    repair() {
      isRepaired = true
      closeAll()
    },
  }
}

async function carry(from: Socket, to: Socket, pass: Pass): Promise<void> {
  try {
    for await (const chunk of from) await pass(chunk, to)
    to.end()
  } catch {
    to.destroy()
  }
}

async function write(chunk: Uint8Array, to: Socket): Promise<void> {
  if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')])
}

function closeIdle({ client, server, idleMs, inject }: Pair): Pass {
  const timer = setTimeout(() => {
    inject()
    client.destroy()
    server.destroy()
  }, idleMs)
  client.once('close', () => clearTimeout(timer))
  return function passInTime(chunk, to) {
    timer.refresh()
    return write(chunk, to)
  }
}

function resetSoon({ client, server, random, inject }: Pair): Pass {
  const timer = setTimeout(
    () => {
      inject()
      client.resetAndDestroy()
      server.resetAndDestroy()
    },
    random.integer(RESET_AFTER_MS.min, RESET_AFTER_MS.max),
  )
  client.once('close', () => clearTimeout(timer))
  return write
}

function stallSoon({ random, inject }: Pair): Pass {
  const stallsAt = performance.now() + random.integer(STALL_AFTER_MS.min, STALL_AFTER_MS.max)
  return async function passUntilStalled(chunk, to) {
    if (performance.now() < stallsAt) return write(chunk, to)
    inject()
    // Whatever happens to one end from now on, the other does not notice.
    await new Promise(() => {})
  }
}

function passSlowly({ server, inject }: Pair): Pass {
  return async function passStep(chunk, to) {
    if (to !== server) inject()
    for (let start = 0; start < chunk.length && !to.destroyed; start += SLOW_BYTES) {
      await write(chunk.subarray(start, start + SLOW_BYTES), to)
      await pause(SLOW_STEP_MS)
    }
  }
}

function passBytes({ server, inject }: Pair): Pass {
  return async function passByte(chunk, to) {
    if (to !== server) inject()
    for (const byte of chunk) {
      if (to.destroyed) return
      await write(Uint8Array.of(byte), to)
      await nextTurn()
    }
  }
}
