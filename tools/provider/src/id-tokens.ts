import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'

/** Its own key, one that it does not publish, the client's secret, or none. */
export type TokenSignature = 'own' | 'foreign' | 'secret' | 'none'

/** Signs the ID tokens of a provider. They are valid for five minutes, unless they claim otherwise. */
export async function createIdTokens() {
  const own = await generateKeyPair('RS256')
  const foreign = await generateKeyPair('RS256')
  const published = { ...(await exportJWK(own.publicKey)), alg: 'RS256', use: 'sig', kid: 'key' }

  return {
    keys: { keys: [published] },
    sign(
      payload: JWTPayload,
      { signature, clientSecret }: { signature: TokenSignature; clientSecret: string },
    ): string | Promise<string> {
      const now = Math.floor(Date.now() / 1000)
      const claims = { iat: now, exp: now + 300, ...payload }
      if (signature === 'none') return new UnsecuredJWT(claims).encode()
      const isSymmetric = signature === 'secret'
      const key = isSymmetric
        ? new TextEncoder().encode(clientSecret.padEnd(32))
        : { own, foreign }[signature].privateKey
      return new SignJWT(claims)
        .setProtectedHeader({ alg: isSymmetric ? 'HS256' : 'RS256', kid: 'key' })
        .sign(key)
    },
  }
}
