import { timingSafeEqual } from 'node:crypto'
import * as files from 'node:fs'
import type { Logger } from 'pino'
import { type AccessToken, digestOf } from './access-token.js'
import { readTokensFile } from './tokens-file.js'

/** The tokens that are good at the moment. */
export interface Tokens {
  /** The token with this secret; takes the same time whether and where there is one. */
  find(secret: string): AccessToken | null
}

/**
 * The tokens of a file, read again when the file changes, so that a revoked token is of no use from then on.
 * While the file cannot be read, nobody gets in.
 */
export function openTokens(path: string, logger: Logger): Tokens {
  let seen = ''
  let tokens: readonly AccessToken[] = []

  function refresh(): void {
    const version = versionOf(path)
    if (version === seen) return
    seen = version
    try {
      tokens = readTokensFile(path, files)
      logger.info({ tokens: tokens.length }, 'access tokens read')
    } catch (error) {
      tokens = []
      // Nothing is wrong with the file then: it is read again the next time.
      if (isOutOfDescriptors(error)) seen = ''
      logger.error({ err: error }, 'the access tokens cannot be read: nobody gets in')
    }
  }

  refresh()
  return {
    find(secret) {
      refresh()
      const digest = digestOf(secret)
      return tokens.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest))[0] ?? null
    },
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
}

/** Changes whenever the file does: its content or its mode, written in place or replaced. */
function versionOf(path: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = files.statSync(path, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join()
  } catch {
    return 'absent'
  }
}
