import { type Accounts, type Grant, matchesSender } from '@gitmsg/accounts'
import type { AccessToken, Scope } from './access-token.js'
import type { Tokens } from './open-tokens.js'

/** Who makes a request, as its token proves it, and what it may do now. */
export interface Identity {
  /** The handle of an account, or the name of a token in the tokens file. */
  readonly name: string
  /** What its limits are counted by: an account, whatever its tokens, or a token in the tokens file. */
  readonly key: string
  readonly scopes: readonly Scope[]
  /** The sender that it posts as and whose messages it may change; absent: it may post as any, and change none. */
  readonly sender?: string
  /** More senders of a service: one, or the beginning of several and a `*`. */
  readonly senders?: string
  /** The account; `null`: the token is in the tokens file. */
  readonly account: Grant | null
  /** The SHA-256 of the token, to look it up again. */
  readonly digest: string
}

/** What recognizes the tokens of requests. */
export interface Access {
  /** Who has the token with this secret; `null` if it is not valid. */
  identify(secret: string): Promise<Identity | null>
  /** The same as it is now; `null` if the token was revoked, has ended, or its account is disabled. */
  renew(identity: Identity): Promise<Identity | null>
}

/** Where tokens come from. At least one of them. */
export interface TokenSources {
  /** The tokens file. */
  readonly tokens: Tokens | null
  readonly accounts: Pick<Accounts, 'authenticate' | 'renew'> | null
}

/** Recognizes the tokens of accounts, and those of the tokens file. `null` if there are neither: no request needs one. */
export function createAccess({ tokens, accounts }: TokenSources): Access | null {
  if (!tokens && !accounts) return null
  return {
    async identify(secret) {
      const grant = await accounts?.authenticate(secret)
      if (grant) return ofAccount(grant)
      const token = tokens?.find(secret)
      return token ? ofFile(token) : null
    },
    async renew({ account, digest }) {
      if (account) {
        const grant = await accounts?.renew(digest)
        return grant ? ofAccount(grant) : null
      }
      const token = tokens?.renew({ sha256: digest })
      return token ? ofFile(token) : null
    },
  }
}

const ofFile = ({ name, scopes, sender, sha256 }: AccessToken): Identity => ({
  ...{ name, key: `token ${name}`, scopes, account: null, digest: sha256 },
  ...(sender !== undefined && { sender }),
})

function ofAccount(account: Grant): Identity {
  const { handle: name, scopes, token } = account
  const { sender, digest } = token
  return {
    ...{ name, key: `account ${name}`, scopes, sender: name, account, digest },
    ...(sender !== null && { senders: sender }),
  }
}

/** Whether an identity may post as a sender, and change that sender's messages. */
export function isOwnSender({ sender, senders }: Identity, name: string): boolean {
  return name === sender || (senders !== undefined && matchesSender(senders, name))
}

/** Who did something, for the audit. A handle has no space. */
export const actorOf = ({ account, name }: Identity): string => (account ? name : `token ${name}`)
