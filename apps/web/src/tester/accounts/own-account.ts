import type { AccountClient } from '../../api/account-client.js'
import type { Scope, Token } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { build, elementById } from '../../page/elements.js'
import { createAccountList } from './account-list.js'
import type { AccountPanel } from './account-panel.js'
import { describe, momentOf } from './item-text.js'
import { createShownSecret } from './shown-secret.js'
import { startForm } from './submit-form.js'

interface OwnAccountOptions {
  readonly client: AccountClient
  readonly announce: Announce
  /** The handle of the account. */
  readonly handle: () => string
}

/** The own password, and the own tokens and sessions. */
export function createOwnAccount({ client, announce, handle }: OwnAccountOptions): AccountPanel {
  const passwordForm = elementById('password-form', HTMLFormElement)
  const tokenForm = elementById('new-token-form', HTMLFormElement)
  const current = elementById('current-password', HTMLInputElement)
  const next = elementById('new-password', HTMLInputElement)
  const secret = createShownSecret('token-secret', announce)
  const tokens = createAccountList<Token>({
    id: 'tokens-section',
    announce,
    load: (search, purpose) =>
      client.tokens(search || `?${new URLSearchParams({ account: handle() })}`, purpose),
    toElement: toTokenItem,
    empty: 'None.',
  })

  function toTokenItem({ id, kind, name, scopes, expires_at }: Token): HTMLElement {
    const title = kind === 'session' ? 'Session' : name
    return build(
      'div',
      'account-row',
      describe(title, `${scopes.join(', ')}, until `, momentOf(expires_at)),
      tokens.button({
        label: kind === 'session' ? 'End' : 'Revoke',
        name: `${kind === 'session' ? 'End session' : `Revoke ${name}, token`} ${id}`,
        send: () => client.revokeToken(id),
        done: kind === 'session' ? 'The session has ended' : `${name} is revoked`,
      }),
    )
  }

  function createToken() {
    const name = elementById('token-name', HTMLInputElement).value
    const days = elementById('token-days', HTMLInputElement).valueAsNumber
    const scopes = new FormData(tokenForm).getAll('scopes') as Scope[]
    return client.createToken({ name, scopes, days })
  }

  startForm(passwordForm, {
    announce,
    send: () => client.changePassword(current.value, next.value),
    onDone() {
      passwordForm.reset()
      announce('The password is changed, and all other sessions have ended')
      void tokens.reload('polling')
    },
  })
  startForm(tokenForm, {
    announce,
    send: createToken,
    onDone({ name, token }) {
      tokenForm.reset()
      secret.show(`The token ${name}, which is not shown again`, token)
      void tokens.reload('polling')
    },
  })

  return {
    open: () => void tokens.reload('action'),
    clear() {
      passwordForm.reset()
      secret.clear()
      tokens.clear()
    },
  }
}
