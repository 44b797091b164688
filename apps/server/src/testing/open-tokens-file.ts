import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type AccessToken, createSecret, digestOf } from '../access/access-token.js'
import { openTokens } from '../access/open-tokens.js'
import { changeTokensFile } from '../access/tokens-file.js'

/** A tokens file in a folder of its own, and its tokens as a server reads them. */
export async function openTokensFile() {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-tokens-'))
  const path = join(folder, 'tokens.json')
  changeTokensFile(path, () => [])
  return {
    path,
    tokens: openTokens(path, pino({ level: 'silent' })),
    /** Adds a token, and returns its secret. */
    add(scopes: AccessToken['scopes'], details: { name?: string; sender?: string } = {}): string {
      const secret = createSecret()
      const sha256 = digestOf(secret).toString('hex')
      const token = {
        name: scopes.join('-'),
        sha256,
        scopes,
        created_at: '2025-01-09T00:06:41.000Z',
        ...details,
      }
      changeTokensFile(path, (tokens) => [...tokens, token])
      return secret
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true })
    },
  }
}
