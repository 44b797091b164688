import type { AccountClient } from '../../api/account-client.js'
import type { HeldPost, Report } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { build } from '../../page/elements.js'
import { hashOf } from '../view/place.js'
import { createAccountList } from './account-list.js'
import type { AccountPanel } from './account-panel.js'
import { describe, momentOf, quote } from './item-text.js'

interface ModerationOptions {
  readonly client: AccountClient
  readonly announce: Announce
  /** Called when a held post was published. */
  readonly onPublished: () => void
}

const REASONS: Readonly<Record<HeldPost['reason'], string>> = {
  all: 'every post is held',
  newcomer: 'a newcomer',
  links: 'many links',
}

/** The posts that wait for a moderator, and the messages that were reported. */
export function createModeration({ client, announce, onPublished }: ModerationOptions): AccountPanel {
  const held = createAccountList<HeldPost>({
    id: 'held-section',
    announce,
    load: client.held,
    toElement: toHeldItem,
    empty: 'No post waits.',
  })
  const reports = createAccountList<Report>({
    id: 'reports-section',
    announce,
    load: client.reports,
    toElement: toReportItem,
    empty: 'No message is reported.',
  })

  async function approve(id: number) {
    const result = await client.approve(id)
    if (result.kind === 'success') onPublished()
    return result
  }

  function toHeldItem({ held_id: id, sender, topic, reason, held_at, content }: HeldPost): HTMLElement {
    const where = topic === undefined ? '' : ` in ${topic}`
    return build(
      'div',
      'account-row',
      describe(sender, `${where} (${REASONS[reason]}), `, momentOf(held_at)),
      quote(content),
      held.button({
        label: 'Approve',
        name: `Approve post ${id} by ${sender}`,
        send: () => approve(id),
        done: `Post ${id} is published`,
      }),
      held.button({
        label: 'Reject',
        name: `Reject post ${id} by ${sender}`,
        send: () => client.reject(id),
        done: `Post ${id} is rejected`,
      }),
    )
  }

  function toReportItem({ report_id: id, uid, account, reason, created_at }: Report): HTMLElement {
    const link = build('a', '', `Message of report ${id}`)
    link.setAttribute('href', hashOf({ kind: 'thread', key: uid }))
    return build(
      'div',
      'account-row',
      describe(account, momentOf(created_at), ' ', link),
      ...(reason === null ? [] : [quote(reason)]),
      reports.button({
        label: 'Close',
        name: `Close report ${id} by ${account}`,
        send: () => client.closeReport(id),
        done: `Report ${id} is closed`,
      }),
    )
  }

  return {
    open() {
      void held.reload('action')
      void reports.reload('action')
    },
    clear() {
      held.clear()
      reports.clear()
    },
  }
}
