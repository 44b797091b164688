import type { BackendEvent } from '../git-backend.js'
import type { Logger } from '../logger.js'
import type { Timeouts } from './timeouts.js'

/** Options of `createLocalBackend`. */
export interface LocalBackendOptions {
  /** Where the bare repository is, or will be. Only one process at a time may use it. */
  readonly directory: string
  /** Default: `main`. */
  readonly branch?: string
  /** An https, http, ssh, git or file URL, `user@host:path`, or a path; see `parseRemote`. Default: none. */
  readonly remote?: string | null
  /**
   * Whether everything in the folder can be made again, from the remote or by whoever appends. If it is found
   * damaged, it is put aside then, as `<directory>.damaged`, and begun anew; and everything in it is looked
   * through now and then, because what is old is not read otherwise. Default: true with a remote.
   */
  readonly rebuildable?: boolean
  /** For an https remote, or an http one on this machine. Kept out of arguments, files, errors and logs. */
  readonly token?: string | undefined
  /**
   * Variables for git: PATH, SSH_AUTH_SOCK, TMPDIR, SystemRoot and the proxies (HTTPS_PROXY, NO_PROXY, ...) are
   * passed on, all others ignored. The process's own environment is not read. Default: a usual PATH.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** How long a silent remote is waited for, in milliseconds. */
  readonly timeouts?: Partial<Timeouts>
  /** Default: says nothing. */
  readonly logger?: Logger
  /** Called with what happened by itself; must not throw. Default: nobody is told. */
  readonly onEvent?: (event: BackendEvent) => void
  /** The time in milliseconds since 1970, against which the age of files is judged. Default: `Date.now`. */
  readonly clock?: () => number
}
