import { timingSafeEqual } from 'node:crypto'
import { statSync } from 'node:fs'
import type { Logger } from 'pino'
import { type AccessToken, digestOf } from './access-token.js'
import { readTokensFile } from './tokens-file.js'

/** The tokens of the tokens file that are valid now. */
export interface Tokens {
  /** Finds the token with this secret, or `null`. Takes the same time in both cases. */
  find(secret: string): AccessToken | null
  /** The token that was found earlier, as it is now; `null` if it was revoked. */
  renew(token: Pick<AccessToken, 'sha256'>): AccessToken | null
}

/**
 * Opens a tokens file. It is read again when it changes, so that a revoked token is rejected from then on. While
 * the file cannot be read, no token is valid.
 */
export function openTokens(path: string, logger: Logger): Tokens {
  let loadedVersion = ''
  let tokens: readonly AccessToken[] = []

  function refresh(): void {
    const version = versionOf(path)
    if (version === loadedVersion) return
    loadedVersion = version
    try {
      tokens = readTokensFile(path)
      logger.info({ tokens: tokens.length }, 'tokens file read')
    } catch (error) {
      tokens = []
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        logger.warn('the tokens file is absent: its tokens are rejected')
        return
      }
      // The file may be fine, and will not change again: the next request has to retry.
      if (isOutOfDescriptors(error)) loadedVersion = ''
      logger.error({ err: error }, 'cannot read the tokens file: its tokens are rejected')
    }
  }

  refresh()
  return {
    find(secret) {
      refresh()
      const digest = digestOf(secret)
      return tokens.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest))[0] ?? null
    },
    renew({ sha256 }) {
      refresh()
      return tokens.find((token) => token.sha256 === sha256) ?? null
    },
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
}

/** A text that changes with the file's content or mode, whether written in place or replaced. */
function versionOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join()
  } catch {
    return 'absent'
  }
}
