import { accessToken, hasSession, useAccessToken } from '../../api/access-token.js'
import type { AccountClient } from '../../api/account-client.js'
import type { Account, OwnAccount, Session, SignInWays } from '../../api/api-types.js'
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
  /** What a server without accounts asks for, and the user can use elsewhere. */
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
  /** Whether requests are made with an account. */
  isSignedIn(): boolean
}

const REJECTED = 'The access token is not valid.'
const ENDED = 'Your session has ended: it expired or was ended, or your account is disabled. Sign in again.'

export function startAccounts(options: AccountsOptions): Accounts {
  const { client, announce, tokenForm, onAccount, onSession, onPublished } = options
  const section = elementById('accounts', HTMLElement)
  const bar = elementById('account', HTMLElement)
  const signOutButton = elementById('sign-out', HTMLButtonElement)
  let account: Account | null = null
  /** `null`: the server has no accounts; `undefined`: that is not known yet. */
  let ways: SignInWays | null | undefined
  /** Whether it is known whose token the page uses. */
  let isKnown = false
  let isAsking = false
  let isSigningOut = false

  const signIn = createSignInForm({
    ...{ client, announce, onSession: enter },
    onRegister: () => openArrival(null),
    onUseToken() {
      tokenForm.open()
      tokenForm.focus()
    },
  })
  const arrival = createArrivalForm({ client, announce, onSession: enter, onCancel: askAgain })
  const own = createOwnAccount({ client, announce, handle: () => account?.handle ?? '' })
  const panels = [
    // A session can do what its role may; an access token only what its scopes allow.
    { disclosure: startDisclosure('own-account', own), from: 'reader', scope: null },
    {
      disclosure: startDisclosure('moderation', createModeration({ client, announce, onPublished })),
      from: 'moderator',
      scope: 'moderate',
    },
    {
      disclosure: startDisclosure('people', createPeople(client, announce)),
      from: 'admin',
      scope: 'admin',
    },
  ] as const

  function enter(session: Session): void {
    useAccessToken(session.token)
    announce(`Signed in as ${session.account.handle}`)
    show(session.account, null)
    signOutButton.focus()
    onSession()
  }

  /** @param scopes those of an access token; `null`: there is a session */
  function show(entered: Account, scopes: OwnAccount['scopes'] | null): void {
    const { handle, role } = entered
    for (const { disclosure } of panels) disclosure.show(false)
    account = entered
    showBar(handle, scopes ? `${role}, with an access token` : role)
    for (const { disclosure, from, scope } of panels) {
      const mayOpen = scopes
        ? scope !== null && scopes.includes(scope)
        : ROLES.indexOf(role) >= ROLES.indexOf(from)
      disclosure.show(mayOpen)
    }
    onAccount(handle)
  }

  function showBar(name: string, role: string): void {
    signIn.close()
    arrival.close()
    tokenForm.close()
    setText(elementById('account-handle', HTMLElement), name)
    setText(elementById('account-role', HTMLElement), role)
    bar.hidden = false
    section.hidden = false
    isKnown = true
  }

  /** Forgets the session, and asks for another one. */
  function leave(notice: string | null): void {
    const hadFocus = bar.contains(document.activeElement)
    useAccessToken('')
    account = null
    isKnown = false
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
    if (!hasSession()) {
      await ask(null)
      return announce('Signed out')
    }
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
    await readWays()
    isAsking = false
    if (ways === null) tokenForm.open()
    else if (ways !== undefined) leave(notice)
  }

  function askAgain(): void {
    if (account === null) void ask(null)
  }

  async function readWays(): Promise<void> {
    if (ways !== undefined) return
    const result = await client.ways()
    if (result.kind === 'success') ways = result.value
    else if (result.kind === 'http-error' && result.status === 404) ways = null
  }

  /** Finds out whose token it is that the server has accepted. */
  async function recognize(): Promise<void> {
    isAsking = true
    const isSession = hasSession()
    if (!isSession) await readWays()
    const result = isSession || ways ? await client.account() : null
    isAsking = false
    if (result?.kind === 'success') show(result.value, isSession ? null : result.value.scopes)
    else if (result?.kind === 'http-error' && result.error.code === 'account_required') {
      showBar('an access token', 'without an account')
    }
  }

  function openArrival(arriving: ArrivingSecret | null): void {
    signIn.close()
    arrival.open(arriving)
    section.hidden = false
  }

  function deny(): void {
    const notice = hasSession() ? ENDED : REJECTED
    void ask(accessToken() === '' || isSigningOut ? null : notice)
  }

  signOutButton.addEventListener('click', () => void signOut())

  return {
    arrive(arriving) {
      if (arriving.kind !== 'session') return openArrival(arriving)
      useAccessToken(arriving.secret)
      account = null
      isKnown = false
      onSession()
    },
    update(exchange) {
      const { response } = exchange
      if (response === null) return
      if (response.status === 401 && !isWrongPassword(response.body)) deny()
      else if (ways === null) tokenForm.update(exchange)
      else if (response.status < 400 && !isKnown && !isAsking && accessToken() !== '') void recognize()
    },
    deny,
    isSignedIn: () => account !== null,
  }
}

/** The password was wrong, and not the token of the request. */
const isWrongPassword = (body: string): boolean => body.includes('"invalid_credentials"')
