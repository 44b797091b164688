import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Readable, type Writable } from 'node:stream'
import { lowerPriority } from './lower-priority.js'
import { createTail } from './tail.js'

const MAX_STDERR = 64 * 1024
/** Milliseconds that git has to tidy up after being asked to end. */
const GRACE = 2000

/** How a git process ended. */
interface GitEnd {
  /** `null` when it was killed. */
  readonly exitCode: number | null
  /** The last 64 KiB of it. */
  readonly stderr: string
}

/** A git process under way. */
export interface GitProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Resolves once the process is gone and its output has been closed; never rejects. */
  readonly ended: Promise<GitEnd>
  /** Ends it together with everything that it started; `reason` becomes part of what it said. */
  kill(reason: string): void
}

/** How to start a git process. */
export interface GitProcessOptions {
  /** Where git is. */
  readonly program: string
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Milliseconds without output after which it is killed. Default: it may be quiet for ever. */
  readonly patience?: number | undefined
  /** How far it gives way to others, see {@link lowerPriority}. Default: not at all. */
  readonly niceness?: number | undefined
}

// A process group of its own lets one signal reach git's children too, which outlive a killed git.
const OWN_GROUP = process.platform !== 'win32'

/** Starts git in a process group of its own. A git that cannot be started ends with exit code 127. */
export function startGitProcess(args: readonly string[], options: GitProcessOptions): GitProcess {
  const { program, directory, variables, signal, patience, niceness } = options
  const child = spawn(program, args, {
    cwd: directory,
    env: { ...variables },
    detached: OWN_GROUP,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  if (!hasPipes(child)) return notStarted(child)
  if (niceness !== undefined && child.pid !== undefined) lowerPriority(child.pid, niceness)
  const stderr = createTail(MAX_STDERR)
  let over = false
  let killed = false
  let escalation: NodeJS.Timeout | undefined

  const signalGroup = (name: NodeJS.Signals): void => {
    if (child.pid === undefined) return
    try {
      if (OWN_GROUP) process.kill(-child.pid, name)
      else child.kill(name)
    } catch {
      // ESRCH: nobody is left, which is what was wanted.
    }
  }
  const kill = (reason: string): void => {
    child.stdout.destroy()
    if (over) return
    killed = true
    stderr.push(Buffer.from(`\n${reason}`))
    signalGroup('SIGTERM')
    escalation ??= setTimeout(() => signalGroup('SIGKILL'), GRACE)
  }
  const onAbort = (): void => kill('ended by its caller')
  const silence = createSilence(patience, () => kill(`no sign of life for ${patience} ms`))

  child.stderr.on('data', (chunk: Buffer) => {
    stderr.push(chunk)
    silence.broken()
  })
  if (patience !== undefined) child.stdout.on('data', silence.broken)
  // git may end before it has read everything; its exit code tells.
  child.stdin.on('error', () => {})
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()

  const ended = new Promise<GitEnd>((resolve) => {
    child.on('error', (error) => {
      stderr.push(Buffer.from(String(error)))
      if (child.pid === undefined) resolve({ exitCode: 127, stderr: stderr.text() })
    })
    child.on('exit', () => {
      over = true
      // What a killed git had started goes with it. Otherwise it may live on (a hook of a remote on this
      // machine may leave something running), but its hold on our pipe does not keep us waiting.
      if (killed) signalGroup('SIGKILL')
      else escalation = setTimeout(() => child.stderr.destroy(), GRACE)
    })
    child.on('close', (exitCode) => resolve({ exitCode, stderr: stderr.text() }))
  }).finally(() => {
    clearTimeout(escalation)
    silence.stop()
    signal.removeEventListener('abort', onAbort)
  })

  return { stdin: child.stdin, stdout: child.stdout, ended, kill }
}

/** Where no file descriptor is left, Node.js answers with a child that has none. */
const hasPipes = ({ stdin, stdout, stderr }: ChildProcess): boolean => Boolean(stdin && stdout && stderr)

/** A git of which nothing will come but the error why. */
function notStarted(child: ChildProcess): GitProcess {
  const ended = once(child, 'error').then(([error]) => ({ exitCode: 127, stderr: String(error) }))
  return { stdin: new PassThrough().resume(), stdout: Readable.from([]), ended, kill: () => {} }
}

function createSilence(patience: number | undefined, onSilence: () => void) {
  const timer = patience === undefined ? undefined : setTimeout(onSilence, patience)
  return { broken: () => void timer?.refresh(), stop: () => clearTimeout(timer) }
}
