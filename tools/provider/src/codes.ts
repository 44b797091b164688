import { createHash, randomBytes } from 'node:crypto'

/** What a code stands for. */
export interface CodeGrant {
  readonly redirectUri: string
  /** The SHA-256 of the verifier that redeems it (PKCE). */
  readonly challenge: string
  readonly nonce: string
}

export interface Rejection {
  readonly error: string
}

/** The codes of a provider: each is redeemed once, with its verifier and its redirect URI. */
export function createCodes() {
  const grants = new Map<string, CodeGrant>()
  const used = new Set<string>()

  return {
    issue(grant: CodeGrant): string {
      const code = randomBytes(16).toString('hex')
      grants.set(code, grant)
      return code
    },
    redeem(body: URLSearchParams, { again }: { again: boolean }): CodeGrant | Rejection {
      const code = body.get('code') ?? ''
      const grant = grants.get(code)
      const verifier = body.get('code_verifier') ?? ''
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      const isValid =
        body.get('grant_type') === 'authorization_code' &&
        grant?.challenge === challenge &&
        grant.redirectUri === body.get('redirect_uri') &&
        (again || !used.has(code))
      used.add(code)
      return isValid ? grant : { error: 'invalid_grant' }
    },
  }
}
