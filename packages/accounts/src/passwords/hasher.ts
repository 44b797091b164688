import { AccountsError } from '../accounts-error.js'

/** How much one password check costs, in the terms of argon2id. */
export interface PasswordCost {
  /** Kibibytes of memory. Default: 19,456, as OWASP recommends. */
  readonly memory: number
  /** Passes over the memory. Default: 2. */
  readonly passes: number
}

export const DEFAULT_COST: PasswordCost = { memory: 19_456, passes: 2 }

/** Each takes a thread of Node's pool, which files and names are read with too. */
const MAX_RUNNING = 2
const MAX_WAITING = 16

/** Hashes passwords with argon2id, off the event loop: at most two at once, with room for a few that wait. */
export interface Hasher {
  /** @throws AccountsError `overloaded` */
  hash(password: string): Promise<string>
  /**
   * Whether a password has this hash. Without a hash the answer is no, at the same cost: the time tells nothing about
   * whether an account exists, or has a password.
   *
   * @throws AccountsError `overloaded`
   */
  verify(hash: string | null, password: string): Promise<boolean>
}

export function createHasher({ memory, passes }: PasswordCost): Hasher {
  // The package's default algorithm is argon2id.
  const options = { memoryCost: memory, timeCost: passes, parallelism: 1 }
  const run = createQueue()
  /** The hash of no password that an account can have, made with the same options as all others. */
  const decoy = loadArgon2().then(({ hash }) => hash('', options))
  // It is awaited only where a hash is missing, and a failure shows there.
  decoy.catch(() => {})

  return {
    hash: (password) => run(async () => (await loadArgon2()).hash(password, options)),
    verify: (stored, password) =>
      run(async () => {
        const { verify } = await loadArgon2()
        const isRight = await verify(stored ?? (await decoy), password)
        return isRight && stored !== null
      }),
  }
}

/** Not loaded by a program that only imports this package. */
const loadArgon2 = () => import('@node-rs/argon2')

function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = []
  let running = 0

  return async function run(work) {
    if (running >= MAX_RUNNING) {
      if (waiting.length >= MAX_WAITING) {
        throw new AccountsError('overloaded', 'too many passwords are being checked')
      }
      // A hash that ends hands over its place, so `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}
