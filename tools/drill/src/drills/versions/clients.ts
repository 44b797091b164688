import { type ApiResponse, send } from '../../oracle/api-client.js'
import type { History } from '../../rig/history.js'
import type { RunningServer } from '../../rig/server.js'
import { count, type DrillContext } from '../drill.js'

const EMOJIS = ['👍', '👋🏽', '❤️', '🏳️‍🌈', '🇨🇭']
const UNKNOWN_OUTCOME = 500

/** What was acknowledged and is not in the history of the clients. */
export interface Changes {
  /** The uids of deleted messages, and the senders of reactions that were taken back: each sender reacts once. */
  readonly deleted: Set<string>
}

type Request = Parameters<typeof send>[1]

/**
 * Clients that record what they post, edit and react with. Each text starts with a key of its own. What is deleted
 * afterwards may never have been published, so its outcome becomes unknown.
 */
export function createClients({ random, tally }: Pick<DrillContext, 'random' | 'tally'>, history: History) {
  return { post, edit, changeOther }

  /** Posts messages one after the other; resolves with their uids. */
  async function post({ url }: RunningServer, messages: number): Promise<string[]> {
    const uids: string[] = []
    for (let number = 0; number < messages; number += 1) {
      const { key, text } = nextText()
      const body = { content: text, sender: 'drill' }
      const response = await record({ key, text }, () =>
        send(url, { method: 'POST', path: 'messages', body }),
      )
      uids.push(await uidOf(url, response))
    }
    return uids
  }

  /** Resolves with the number of the new version, or `null` if it was not acknowledged. */
  async function edit(
    { url }: RunningServer,
    uid: string,
    { mayBeDropped = false } = {},
  ): Promise<number | null> {
    const { key, text } = nextText()
    const request: Request = { method: 'PATCH', path: `messages/${uid}`, body: { content: text } }
    const response = await record({ key, text, mayBeDropped }, () => send(url, request))
    return response?.status === 200 ? (JSON.parse(response.body).version as number) : null
  }

  /** Reacts to one of the messages, or deletes it on one server while the other edits it. */
  async function changeOther(
    servers: readonly RunningServer[],
    uids: readonly string[],
    changes: Changes,
  ): Promise<void> {
    const uid = random.pick(uids)
    const [one, other] = random.integer(0, 1) === 0 ? servers : [...servers].reverse()
    if (!one || !other) return
    if (random.integer(0, 2) > 0) return react(one, uid, changes)
    await Promise.all([
      edit(other, uid, { mayBeDropped: true }),
      remove(one, { key: uid, mark: uid }, changes),
    ])
  }

  /** Reacts, and takes every third reaction back. */
  async function react({ url, ...server }: RunningServer, uid: string, changes: Changes): Promise<void> {
    const { key } = nextText()
    const emoji = random.pick(EMOJIS)
    const isTakenBack = random.integer(0, 2) === 0
    const body = { content: emoji, sender: key, format: 'reaction', reply_to: uid }
    const response = await record({ key, text: `${key} ${emoji}`, mayBeDropped: isTakenBack }, () =>
      send(url, { method: 'POST', path: 'messages', body }),
    )
    if (response?.status !== 201) return
    count(tally, 'reactions')
    const id = JSON.parse(response.body).message_id as number
    if (isTakenBack) await remove({ url, ...server }, { key: id, mark: key }, changes)
  }

  async function remove(
    { url }: RunningServer,
    { key, mark }: { key: string | number; mark: string },
    { deleted }: Changes,
  ): Promise<void> {
    const response = await attempt(() => send(url, { method: 'DELETE', path: `messages/${key}` }))
    if (response?.status === 204) deleted.add(mark)
    noteStatus(response)
  }

  function nextText(): { key: string; text: string } {
    const key = history.nextKey()
    return { key, text: `${key} ${random.text(random.integer(1, 200))}` }
  }

  /** Records a request and its outcome. */
  async function record(
    { key, text, mayBeDropped = false }: { key: string; text: string; mayBeDropped?: boolean },
    request: () => Promise<ApiResponse>,
  ): Promise<ApiResponse | null> {
    history.record('invoke', key, text)
    const response = await attempt(request)
    noteStatus(response)
    const isAcknowledged = response !== null && response.status < 300
    if (isAcknowledged) history.record(mayBeDropped ? 'unknown' : 'ok', key)
    else history.record(response && response.status !== UNKNOWN_OUTCOME ? 'fail' : 'unknown', key)
    return response
  }

  /** What is deleted meanwhile is 410, and 422 as the target of a reaction; a killed server does not respond. */
  function noteStatus(response: ApiResponse | null): void {
    if (response && response.status >= 300) count(tally, `responses with ${response.status}`)
    if (response && response.status >= 400 && ![410, 422].includes(response.status)) {
      tally.problems.push(`A request failed with ${response.status}: ${response.body}`)
    }
  }
}

/** `null` if no response arrives. */
async function attempt(request: () => Promise<ApiResponse>): Promise<ApiResponse | null> {
  try {
    return await request()
  } catch {
    return null
  }
}

async function uidOf(url: string, response: ApiResponse | null): Promise<string> {
  const { message_id } = JSON.parse(response?.body ?? '{}')
  const message = await fetch(new URL(`messages/${message_id}`, url))
  return ((await message.json()) as { uid: string }).uid
}
