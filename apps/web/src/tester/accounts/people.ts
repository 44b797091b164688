import type { AccountClient } from '../../api/account-client.js'
import type { Account, Link, Role } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { build, elementById } from '../../page/elements.js'
import { createAccountList } from './account-list.js'
import type { AccountPanel } from './account-panel.js'
import { describe } from './item-text.js'
import { createShownSecret } from './shown-secret.js'
import { startForm } from './submit-form.js'

export const ROLES: readonly Role[] = ['reader', 'member', 'moderator', 'admin']

/** Everyone who has an account, and invitations. */
export function createPeople(client: AccountClient, announce: Announce): AccountPanel {
  const form = elementById('invitation-form', HTMLFormElement)
  const secret = createShownSecret('link-secret', announce)
  const people = createAccountList<Account>({
    id: 'people-section',
    announce,
    load: client.accounts,
    toElement: toPerson,
    empty: 'None.',
  })

  function toPerson(account: Account): HTMLElement {
    const { handle, kind, disabled } = account
    const state = `${kind === 'service' ? 'a service' : ''}${disabled ? ' disabled' : ''}`.trim()
    return build(
      'div',
      'account-row',
      describe(handle, state),
      roleSelect(account),
      people.button({
        label: disabled ? 'Enable' : 'Disable',
        name: `${disabled ? 'Enable' : 'Disable'} ${handle}`,
        send: () => client.changeAccount(handle, { disabled: !disabled }),
        done: `${handle} is ${disabled ? 'enabled' : 'disabled'}`,
      }),
      ...(kind === 'person' ? [resetButton(handle)] : []),
    )
  }

  function roleSelect({ handle, role }: Account): HTMLElement {
    const select = build('select', 'role-select', ...ROLES.map(roleOption)) as HTMLSelectElement
    select.value = role
    select.setAttribute('aria-label', `Role of ${handle}`)
    select.addEventListener('change', () => {
      const chosen = select.value as Role
      const send = () => client.changeAccount(handle, { role: chosen })
      void people.act({ send, done: `${handle} is ${chosen} now` })
    })
    return select
  }

  function resetButton(handle: string): HTMLElement {
    async function send() {
      const result = await client.createReset(handle)
      if (result.kind === 'success')
        showLink(`The link with which ${handle} chooses a new password`, result.value)
      return result
    }
    return people.button({
      label: 'Reset link',
      name: `Reset link for ${handle}`,
      send,
      done: `A link for ${handle} is created`,
    })
  }

  const showLink = (what: string, { link }: Link) => secret.show(`${what}, which is not shown again`, link)

  function invite() {
    const role = elementById('invitation-role', HTMLSelectElement).value as Role
    const uses = elementById('invitation-uses', HTMLInputElement).valueAsNumber
    const days = elementById('invitation-days', HTMLInputElement).valueAsNumber
    return client.invite({ role, uses, days })
  }

  startForm<Link>(form, { announce, send: invite, onDone: (link) => showLink('An invitation', link) })

  return {
    open: () => void people.reload('action'),
    clear() {
      secret.clear()
      people.clear()
    },
  }
}

function roleOption(role: Role): HTMLElement {
  const option = build('option', '', role)
  option.setAttribute('value', role)
  return option
}
