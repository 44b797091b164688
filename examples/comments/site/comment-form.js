import { element, field } from './elements.js'
import { createClient } from './gitmsg-client.js'

/** Where the session is kept until the tab is closed. */
const STORED = 'gitmsg-comments'
const ENDED = 'Your session has ended. Sign in again.'

/** The part of the comment box where visitors sign in or make an account, and write. */
export function createCommentForm({ url, topic }) {
  const handle = element('input', {
    ...{ id: 'comments-handle', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' },
    required: '',
  })
  const password = element('input', {
    ...{ id: 'comments-password', type: 'password', autocomplete: 'current-password', required: '' },
  })
  const signInButton = element('button', { value: 'sign-in' }, 'Sign in')
  const joinButton = element('button', { value: 'join', hidden: '' }, 'Create an account')
  const signIn = element(
    ...['form', { 'aria-labelledby': 'comments-sign-in' }],
    element('h3', { id: 'comments-sign-in' }, 'Sign in to comment'),
    ...[field('Name', handle), field('Password', password), signInButton, ' ', joinButton],
  )

  const name = element('bdi')
  const signOut = element('button', { type: 'button' }, 'Sign out')
  const text = element('textarea', { id: 'comments-text', rows: '4', required: '', dir: 'auto' })
  const write = element(
    ...['form', { 'aria-label': 'Write a comment' }],
    element('p', {}, 'Signed in as ', name, ' ', signOut),
    ...[field('Your comment', text), element('button', {}, 'Post')],
  )

  const outcome = element('p', { role: 'status' })
  let session = JSON.parse(sessionStorage.getItem(STORED) ?? 'null')
  let isBusy = false
  /** The same comment has the same key when it is sent again, so that it is there once. */
  let draft = { content: '', key: '' }

  const client = () => createClient({ url, token: session?.token })

  function useSession(next) {
    session = next
    if (next) sessionStorage.setItem(STORED, JSON.stringify(next))
    else sessionStorage.removeItem(STORED)
    name.textContent = next?.handle ?? ''
    signIn.hidden = next !== null
    write.hidden = next === null
  }

  /** Does one thing at a time, and shows what has come of it. */
  async function attempt(action) {
    if (isBusy) return
    isBusy = true
    outcome.textContent = 'Sending…'
    try {
      outcome.textContent = await action()
    } catch (error) {
      const hasEnded = error.status === 401 && session !== null
      if (hasEnded) useSession(null)
      outcome.textContent = hasEnded ? ENDED : error.message
    }
    isBusy = false
  }

  async function enter(isNew) {
    const credentials = { handle: handle.value, password: password.value }
    const { token, account } = await (isNew ? client().join(credentials) : client().signIn(credentials))
    password.value = ''
    useSession({ token, handle: account.handle })
    text.focus()
    return ''
  }

  async function leave() {
    await client().signOut()
    useSession(null)
    handle.focus()
    return 'Signed out.'
  }

  async function post() {
    if (draft.content !== text.value) draft = { content: text.value, key: crypto.randomUUID() }
    const message = { content: draft.content, sender: session.handle, topic }
    const { status } = await client().post(message, { idempotencyKey: draft.key })
    draft = { content: '', key: '' }
    text.value = ''
    return status === 'held' ? 'Your comment waits for approval.' : 'Your comment is published.'
  }

  signIn.addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(() => enter(event.submitter === joinButton))
  })
  write.addEventListener('submit', (event) => {
    event.preventDefault()
    attempt(post)
  })
  signOut.addEventListener('click', () => attempt(leave))
  useSession(session)
  client()
    .signInWays()
    .then(
      ({ registration }) => {
        joinButton.hidden = !registration
      },
      () => {},
    )
  return element('div', { class: 'comments-form' }, signIn, write, outcome)
}
