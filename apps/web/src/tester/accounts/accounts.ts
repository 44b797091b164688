import { hasSession, useAccessToken } from '../../api/access-token.js'
import type { AccountClient } from '../../api/account-client.js'
import type { Account, Session, SignInWays } from '../../api/api-types.js'
import type { ArrivingSecret } from '../../api/arriving-secret.js'
import type { Exchange } from '../../api/exchange.js'
import type { Announce } from '../../page/announcer.js'
import { isAvailable, setBusy } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'
import { startDisclosure } from './account-panel.js'
import { createArrivalForm } from './arrival-form.js'
import { createModeration } from './moderation.js'
import { createOwnAccount } from './own-account.js'
import { createPeople, ROLES } from './people.js'
import { createSignInForm } from './sign-in-form.js'
import type { TokenForm } from './token-form.js'

interface AccountsOptions {
  readonly client: AccountClient
  readonly announce: Announce
  /** What a server without accounts asks for. */
  readonly tokenForm: TokenForm
  /** Called with the handle once it is known, and with `null` when the session has ended. */
  readonly onAccount: (handle: string | null) => void
  /** Called when requests are made with another session. */
  readonly onSession: () => void
  /** Called when a held post was published. */
  readonly onPublished: () => void
}

/** Who uses the page: a person who has signed in, if the server has accounts. */
export interface Accounts {
  /** Uses a secret that the page was opened with. */
  arrive(arriving: ArrivingSecret): void
  /** Call with every exchange: a 401 response means that the page has to ask for a session, or a token. */
  update(exchange: Exchange): void
  /** The access token is not valid any more. */
  deny(): void
}

const ENDED = 'Your session has ended: it expired or was ended, or your account is disabled. Sign in again.'

export function startAccounts(options: AccountsOptions): Accounts {
  const { client, announce, tokenForm, onAccount, onSession, onPublished } = options
  const section = elementById('accounts', HTMLElement)
  const bar = elementById('account', HTMLElement)
  const signOutButton = elementById('sign-out', HTMLButtonElement)
  let account: Account | null = null
  /** `null`: the server has no accounts; `undefined`: that is not known yet. */
  let ways: SignInWays | null | undefined
  let isAsking = false
  let isSigningOut = false

  const signIn = createSignInForm({ client, announce, onSession: enter, onRegister: () => openArrival(null) })
  const arrival = createArrivalForm({ client, announce, onSession: enter, onCancel: askAgain })
  const own = createOwnAccount({ client, announce, handle: () => account?.handle ?? '' })
  const panels = [
    { disclosure: startDisclosure('own-account', own), from: 'reader' },
    {
      disclosure: startDisclosure('moderation', createModeration({ client, announce, onPublished })),
      from: 'moderator',
    },
    { disclosure: startDisclosure('people', createPeople(client, announce)), from: 'admin' },
  ] as const

  function enter(session: Session): void {
    useAccessToken(session.token)
    announce(`Signed in as ${session.account.handle}`)
    show(session.account)
    signOutButton.focus()
    onSession()
  }

  function show(entered: Account): void {
    const { handle, role } = entered
    for (const { disclosure } of panels) disclosure.show(false)
    account = entered
    signIn.close()
    arrival.close()
    setText(elementById('account-handle', HTMLElement), handle)
    setText(elementById('account-role', HTMLElement), role)
    for (const { disclosure, from } of panels) disclosure.show(ROLES.indexOf(role) >= ROLES.indexOf(from))
    bar.hidden = false
    section.hidden = false
    onAccount(handle)
  }

  /** Forgets the session, and asks for another one. */
  function leave(notice: string | null): void {
    const hadFocus = bar.contains(document.activeElement)
    useAccessToken('')
    account = null
    bar.hidden = true
    for (const { disclosure } of panels) disclosure.show(false)
    onAccount(null)
    if (arrival.isOpen()) return
    // Of several requests that are denied, the first has the notice.
    if (ways && (notice !== null || !signIn.isOpen())) signIn.open(ways, notice)
    section.hidden = false
    if (hadFocus) elementById('sign-in-handle', HTMLInputElement).focus()
  }

  async function signOut(): Promise<void> {
    if (!isAvailable(signOutButton)) return
    isSigningOut = true
    setBusy(signOutButton, 'Signing out…')
    const result = await client.signOut()
    setBusy(signOutButton, null)
    if (result.kind === 'no-response') announce(`Not signed out: ${result.problem}`)
    if (result.kind === 'success') {
      await ask(null)
      announce('Signed out')
    }
    isSigningOut = false
  }

  /** Asks for what the server wants to see. */
  async function ask(notice: string | null): Promise<void> {
    if (isAsking) return
    isAsking = true
    if (ways === undefined) {
      const result = await client.ways()
      if (result.kind === 'success') ways = result.value
      else if (result.kind === 'http-error' && result.status === 404) ways = null
    }
    isAsking = false
    if (ways === null) tokenForm.open()
    else if (ways !== undefined) leave(notice)
  }

  function askAgain(): void {
    if (account === null) void ask(null)
  }

  async function readAccount(): Promise<void> {
    isAsking = true
    const result = await client.account()
    isAsking = false
    if (result.kind === 'success') show(result.value)
  }

  function openArrival(arriving: ArrivingSecret | null): void {
    signIn.close()
    arrival.open(arriving)
    section.hidden = false
  }

  function deny(): void {
    void ask(hasSession() && !isSigningOut ? ENDED : null)
  }

  signOutButton.addEventListener('click', () => void signOut())

  return {
    arrive(arriving) {
      if (arriving.kind !== 'session') return openArrival(arriving)
      useAccessToken(arriving.secret)
      account = null
      onSession()
    },
    update(exchange) {
      const { response } = exchange
      if (response === null) return
      if (response.status === 401 && !isWrongPassword(response.body)) deny()
      else if (ways === null) tokenForm.update(exchange)
      else if (response.status < 400 && account === null && hasSession() && !isAsking) void readAccount()
    },
    deny,
  }
}

/** The password was wrong, and not the token of the request. */
const isWrongPassword = (body: string): boolean => body.includes('"invalid_credentials"')
