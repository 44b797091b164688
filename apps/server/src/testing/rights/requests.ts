import type { openAccountContract, Sent } from '../contract/open-account-contract.js'
import type { Actor } from './actors.js'

type Contract = Awaited<ReturnType<typeof openAccountContract>>

/** A valid request of an actor, in a case in which it matters whose the target is. */
export type CreateRequest = (contract: Contract, actor: Actor) => Sent | Promise<Sent>

/** The account whose things are not the actor's. */
const OTHER = 'bob'

async function post({ server }: Contract, sender: string): Promise<number> {
  return (await server.engine.post({ content: crypto.randomUUID(), sender })).id
}

async function createToken({ server }: Contract, handle: string): Promise<number> {
  const isThere = (await server.accounts.find(handle)) !== null
  const owner = isThere ? handle : OTHER
  const token = { handle: owner, name: 'a', scopes: ['read'], days: 1, actor: 'setup' } as const
  return (await server.accounts.tokens.create(token)).id
}

const content = () => ({ content: crypto.randomUUID() })

/** What has an owner: own things, and those of others. */
export const OWNED_REQUESTS: Readonly<Record<string, CreateRequest>> = {
  'POST /messages as oneself': (_, { name }) => ({ body: { ...content(), sender: name } }),
  'POST /messages as someone else': () => ({ body: { ...content(), sender: OTHER } }),
  'POST /messages as no one else': () => ({ body: { ...content(), sender: 'free' } }),
  'PATCH /messages/:key of oneself': async (contract, { name }) => ({
    key: await post(contract, name),
    body: content(),
  }),
  'PATCH /messages/:key of someone else': async (contract) => ({
    key: await post(contract, OTHER),
    body: content(),
  }),
  'DELETE /messages/:key of oneself': async (contract, { name }) => ({ key: await post(contract, name) }),
  'DELETE /messages/:key of someone else': async (contract) => ({ key: await post(contract, OTHER) }),
  'GET /tokens of oneself': (_, { name }) => ({ query: `?account=${name}` }),
  'GET /tokens of someone else': () => ({ query: `?account=${OTHER}` }),
  'POST /tokens for oneself': () => ({ body: { name: 'a', scopes: ['read'] } }),
  'POST /tokens for a service': () => ({ body: { name: 'a', scopes: ['read'], account: 'bot' } }),
  'POST /tokens for someone else': () => ({ body: { name: 'a', scopes: ['read'], account: OTHER } }),
  'DELETE /tokens/:id of oneself': async (contract, { name }) => ({ key: await createToken(contract, name) }),
  'DELETE /tokens/:id of someone else': async (contract) => ({ key: await createToken(contract, OTHER) }),
}

/** Of endpoints for messages, whose requests need more than a path. */
const QUERIES: Readonly<Record<string, string>> = { 'GET /search': '?q=a' }

/** A valid request for an endpoint whose targets have no owner. */
export async function createRequest(contract: Contract, endpoint: string): Promise<Sent> {
  const { token: _, ...sent } = await contract.success(endpoint)
  return { query: QUERIES[endpoint] ?? '', ...sent }
}
