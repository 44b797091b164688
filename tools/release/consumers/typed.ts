// Code as a TypeScript user writes it, compiled under strict settings with the declarations of all packages.
import { type Accounts, AccountsError, type AccountsErrorCode, openAccounts } from '@gitmsg/accounts'
import { type OpenPostgresAccountsOptions, openPostgresAccounts } from '@gitmsg/accounts/postgres'
import { describeAccountsContract, openTemporaryAccounts } from '@gitmsg/accounts/testing'
import { type Client, ClientError, createClient, type Message } from '@gitmsg/client'
import { createEngine, type Engine, type SyncStatus, ValidationError, verify } from '@gitmsg/core'
import { type CommitDraft, createMemoryBackend, type GitBackend, GitSyncError } from '@gitmsg/git-sync'
import { createGithubBackend } from '@gitmsg/git-sync/github'
import { createLocalBackend, type LocalBackendOptions } from '@gitmsg/git-sync/local'
import { createMemoryRepository } from '@gitmsg/git-sync/memory'
import { type BackendFixture, createFakeGithub, describeBackendContract } from '@gitmsg/git-sync/testing'
import { type NewMessage, openStore, type Store, StoreError, type StoreErrorCode } from '@gitmsg/store'
import { type OpenPostgresStoreOptions, openPostgresStore } from '@gitmsg/store/postgres'
import { describeStoreContract, newMessage, openTemporaryStore } from '@gitmsg/store/testing'

export async function converse(path: string, options: LocalBackendOptions): Promise<SyncStatus> {
  const store: Store = await openStore({ path, clock: Date.now, busyTimeout: 100 })
  const backend: GitBackend = createLocalBackend(options)
  const engine: Engine = createEngine({ store, backend, onEvent: ({ type }) => console.log(type) })
  try {
    const { id, git_hash } = await engine.post({ content: 'Hello', sender: 'ada' }, { idempotencyKey: 'a' })
    const hash: string | null = git_hash
    // @ts-expect-error a message has no such field
    console.log(id.toFixed(), hash, (await engine.list({ limit: 1 }))[0]?.gitHash)
    return await engine.sync({ signal: AbortSignal.timeout(1000) })
  } catch (error) {
    if (error instanceof ValidationError) console.log(error.field?.length)
    if (error instanceof StoreError) console.log(error.code satisfies StoreErrorCode)
    if (error instanceof GitSyncError) console.log(error.requiresIntervention)
    throw error
  } finally {
    await engine.close()
  }
}

export const share = (options: OpenPostgresStoreOptions): Promise<Store> => openPostgresStore(options)
export const shareAccounts = (options: OpenPostgresAccountsOptions): Promise<Accounts> =>
  openPostgresAccounts(options)

export async function follow(url: string): Promise<readonly Message[]> {
  const client: Client = createClient({ url, token: 'x', fetch, WebSocket: globalThis.WebSocket })
  const outbox = client.outbox()
  outbox.post({ content: 'Hello', sender: 'ada' })
  await outbox.idle()
  const live = client.live({ topics: ['a'], limit: 10 })
  live.on('sync', ({ pending }) => console.log(pending.toFixed()))
  // @ts-expect-error there is no such event
  live.on('typing', () => {})
  for await (const { uid, sync } of live) {
    if (sync.state === 'quarantined') console.log(uid, sync.reason)
  }
  const page = await client.list({ limit: 1 }).catch((error: unknown) => {
    if (error instanceof ClientError) console.log(error.status.toFixed(), error.code)
    throw error
  })
  return page.next ? await page.next() : page
}

export async function signIn(path: string, password: string): Promise<string | null> {
  const accounts: Accounts = await openAccounts({ path, clock: Date.now })
  try {
    const { token } = await accounts.signIn({ handle: 'ada', password })
    // @ts-expect-error a grant may be null
    console.log((await accounts.authenticate(token)).handle)
    return token
  } catch (error) {
    if (error instanceof AccountsError) console.log(error.code satisfies AccountsErrorCode)
    return null
  }
}

export const drafts: readonly CommitDraft[] = []
// @ts-expect-error a repository is needed
createGithubBackend({ token: 'x' })
// @ts-expect-error the limit is a number
export const list = (store: Store) => store.listMessages({ limit: '10' })

export async function test(): Promise<void> {
  const message: NewMessage = newMessage({ content: 'Hello' })
  const store = await openTemporaryStore()
  await store.createMessage(message)
  describeStoreContract('mine', async () => ({ store, other: async () => store, dispose: store.close }))
  const accounts = await openTemporaryAccounts({ busyTimeout: 100 })
  describeAccountsContract('mine', async () => ({
    accounts,
    other: async () => accounts,
    dispose: accounts.close,
  }))
  const backend = createMemoryBackend({ repository: createMemoryRepository() })
  const fixture: BackendFixture = { backend, other: async () => backend, dispose: backend.close }
  describeBackendContract('mine', async () => fixture)
  console.log((await createFakeGithub()).url, (await verify({ store, backend })).equal)
}
