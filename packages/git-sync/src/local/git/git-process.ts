import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { lowerPriority, preferToKill } from './process-priority.js'
import { createReceivedReader } from './received-bytes.js'

const MAX_STDERR_BYTES = 64 * 1024
/** From SIGTERM to SIGKILL; also how long a child that outlives git may hold its standard error open. */
const KILL_GRACE_MS = 2000
/** What git reports when a push has sent everything. */
const SENT = /^Total \d/m
const LONGEST_MARK = 'Total 1'.length
/** The exit code that shells use for a command that was not found. */
export const FAILED_TO_SPAWN = 127

// A process group lets one signal reach git's children too, which would outlive a killed git.
const HAS_PROCESS_GROUPS = process.platform !== 'win32'

/** How a git process ended. */
interface GitExit {
  /**
   * `null` if a signal ended it, or if `kill` cut its output off: it is never 0 then, even if git had exited before
   * this process noticed. 127 if git could not be started.
   */
  readonly exitCode: number | null
  /** The last 64 KiB of it, in whole lines. */
  readonly stderr: string
}

/** A running git process. */
export interface GitProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Resolves once the process has exited and its output is closed; never rejects. */
  readonly ended: Promise<GitExit>
  /**
   * Discards the rest of the output and kills the whole process group: SIGTERM, then SIGKILL. `reason` is appended to
   * its standard error.
   */
  kill(reason: string): void
}

/** How to start a git process. */
export interface GitProcessOptions {
  /** The path of the git binary. */
  readonly program: string
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  /** Kills the process group when it aborts. */
  readonly signal: AbortSignal
  /** Milliseconds without any output after which the process group is killed. Default: never. */
  readonly idleTimeoutMs?: number | undefined
  /** Replaces `idleTimeoutMs` once git has reported that it sent everything. Default: `idleTimeoutMs`. */
  readonly sentTimeoutMs?: number | undefined
  /** See `ProcessGroupOptions`. Default: no limit. */
  readonly limitReceived?: ((bytes: number) => string | null) | undefined
  /** See {@link lowerPriority}. Default: 0. */
  readonly niceness?: number | undefined
  /** Milliseconds between SIGTERM and SIGKILL. Default: 2,000. */
  readonly killGraceMs?: number | undefined
}

/** Starts git in a process group of its own. Never throws: if git cannot be started, it ends with exit code 127. */
export function startGitProcess(args: readonly string[], options: GitProcessOptions): GitProcess {
  const { program, directory, variables, signal, niceness, killGraceMs = KILL_GRACE_MS } = options
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...variables },
    detached: HAS_PROCESS_GROUPS,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  if (!hasPipes(child)) return failedToSpawn(child)
  if (child.pid !== undefined) preferToKill(child.pid)
  if (niceness !== undefined && child.pid !== undefined) lowerPriority(child.pid, niceness)
  const stderr = createTail(MAX_STDERR_BYTES)
  let hasExited = false
  let wasKilled = false
  let isCut = false
  let lastOutput = ''
  let graceTimer: NodeJS.Timeout | undefined

  const kill = (reason: string): void => {
    const isComplete = hasExited && child.stdout.readableEnded
    child.stdout.destroy()
    if (isComplete || isCut) return
    isCut = true
    stderr.push(Buffer.from(`\n${reason}`))
    if (hasExited) return
    wasKilled = true
    signalGroup(child, 'SIGTERM')
    graceTimer ??= setTimeout(() => signalGroup(child, 'SIGKILL'), killGraceMs)
  }
  const idleTimer = createIdleTimer(options.idleTimeoutMs, (ms) =>
    kill(`git produced no output for ${ms} ms`),
  )
  const onAbort = (): void => kill('git was aborted by its caller')
  const readReceived = createReceivedReader((bytes) => {
    const reason = options.limitReceived?.(bytes)
    if (reason) kill(reason)
  })
  const onStderr = (chunk: Buffer): void => {
    stderr.push(chunk)
    idleTimer.reset()
    readReceived(chunk)
    if (options.sentTimeoutMs === undefined) return
    const text = lastOutput + chunk.toString('latin1')
    if (SENT.test(text)) idleTimer.change(options.sentTimeoutMs)
    lastOutput = text.slice(-LONGEST_MARK - 1)
  }
  const onExit = (): void => {
    hasExited = true
    idleTimer.reset()
    // What a killed git has started is killed with it. Otherwise it may live on (a hook of a remote on this
    // machine may leave something running), but must not keep the pipe open.
    if (wasKilled) signalGroup(child, 'SIGKILL')
    else graceTimer = setTimeout(() => child.stderr.destroy(), killGraceMs)
  }
  const cleanUp = (): void => {
    clearTimeout(graceTimer)
    idleTimer.stop()
    signal.removeEventListener('abort', onAbort)
  }

  child.stderr.on('data', onStderr)
  // Listening makes the stream flow, so a stream without a timeout is left to its reader.
  if (options.idleTimeoutMs !== undefined) child.stdout.on('data', idleTimer.reset)
  // git may exit before it has read everything: the exit code tells why.
  child.stdin.on('error', () => {})
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()

  const ended = new Promise<GitExit>((resolve) => {
    child.on('error', (error) => {
      stderr.push(Buffer.from(String(error)))
      if (child.pid === undefined) resolve({ exitCode: FAILED_TO_SPAWN, stderr: stderr.text() })
    })
    child.on('exit', onExit)
    child.on('close', (exitCode) =>
      resolve({ exitCode: isCut && exitCode === 0 ? null : exitCode, stderr: stderr.text() }),
    )
  }).finally(cleanUp)

  return { stdin: child.stdin, stdout: child.stdout, ended, kill }
}

/** Without a free file descriptor, Node.js returns a child that has no pipes. */
const hasPipes = ({ stdin, stdout, stderr }: ChildProcess): boolean => Boolean(stdin && stdout && stderr)

/** Stands in for a child without pipes: it only reports the error that Node.js emits. */
function failedToSpawn(child: ChildProcess): GitProcess {
  const ended = once(child, 'error').then(([error]) => ({ exitCode: FAILED_TO_SPAWN, stderr: String(error) }))
  return { stdin: new PassThrough().resume(), stdout: Readable.from([]), ended, kill: () => {} }
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (HAS_PROCESS_GROUPS) process.kill(-child.pid, name)
    else child.kill(name)
  } catch {
    // ESRCH: the group is gone already.
  }
}

/**
 * Calls `onIdle` when `reset` has not been called for that long. After this process was suspended or busy, output may
 * be waiting although the time is up: it is read before the timer decides.
 */
function createIdleTimer(idleTimeoutMs: number | undefined, onIdle: (ms: number) => void) {
  let decision: NodeJS.Immediate | undefined
  const onTimeout = (ms: number): void => {
    decision = setImmediate(onIdle, ms)
  }
  let timer = idleTimeoutMs === undefined ? undefined : setTimeout(onTimeout, idleTimeoutMs, idleTimeoutMs)
  return {
    change(ms: number): void {
      clearImmediate(decision)
      clearTimeout(timer)
      timer = setTimeout(onTimeout, ms, ms)
    },
    reset(): void {
      clearImmediate(decision)
      timer?.refresh()
    },
    stop(): void {
      clearImmediate(decision)
      clearTimeout(timer)
    },
  }
}

/** Keeps the last bytes of an output of any length, in whole lines: half a secret would escape redaction. */
export function createTail(maxBytes: number) {
  let chunks: Buffer[] = []
  let bytes = 0
  let isCut = false

  const cut = (): void => {
    chunks = [Buffer.concat(chunks).subarray(-maxBytes)]
    bytes = maxBytes
    isCut = true
  }

  return {
    push(chunk: Buffer): void {
      chunks.push(chunk)
      bytes += chunk.byteLength
      // Not on every write, so that a flood of small writes stays cheap.
      if (bytes > 2 * maxBytes) cut()
    },
    /** The last bytes. If the output was longer, without its first, partial line. */
    text(): string {
      if (bytes > maxBytes) cut()
      const text = Buffer.concat(chunks).toString()
      return isCut ? text.replace(/^[^\n]*(?:\n|$)/, '') : text
    },
  }
}
