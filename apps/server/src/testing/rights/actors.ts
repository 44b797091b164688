import { SCOPES } from '@gitmsg/accounts'
import type { openAccountContract } from '../contract/open-account-contract.js'

type Contract = Awaited<ReturnType<typeof openAccountContract>>

/** Who makes a request: its token, and the name that it has and posts under. */
export interface Actor {
  readonly token: string | null
  readonly name: string
}

const ROLES = ['reader', 'member', 'moderator', 'admin'] as const

/**
 * Everyone that rights tell apart: a stranger; people of each role with a session; an admin's access token; a service
 * that may post as `free`; a token of the tokens file that is bound to a sender, and one that is not and has all scopes.
 */
export const ACTORS = ['none', ...ROLES, 'access', 'service', 'file', 'file-all'] as const
export type ActorName = (typeof ACTORS)[number]

/** Creates an actor that nothing has happened to yet. */
export async function createActor(contract: Contract, kind: ActorName): Promise<Actor> {
  const { server, newHandle } = contract
  const name = newHandle()
  if (kind === 'none') return { token: null, name }
  if (kind === 'service') return { token: await server.addService(name, { sender: 'free*' }), name }
  if (kind === 'file')
    return { token: contract.addFileToken(['read', 'write'], { name, sender: name }), name }
  if (kind === 'file-all') return { token: contract.addFileToken(SCOPES, { name }), name }
  const session = await server.addPerson(name, kind === 'access' ? 'admin' : kind)
  return { token: kind === 'access' ? await server.addToken(name, SCOPES) : session, name }
}
