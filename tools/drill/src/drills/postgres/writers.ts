import { type ApiRequest, type ApiResponse, send } from '../../oracle/api-client.js'
import { pause } from '../../rig/wait.js'
import { count, type DrillContext, type Tally } from '../drill.js'
import type { Fleet } from './fleet.js'

const WRITERS_PER_SERVER = 2
const PAUSE_MS = 20
const RETRY_MS = 200
const MAX_LENGTH = 200
/** After these, a post may have been stored. */
const UNKNOWN = ['500 internal', '503 storage_unavailable']

/** Clients that write until they are stopped. */
export interface Writing {
  /** How many requests got each response: its status and code, or `none`. */
  readonly responses: ReadonlyMap<string, number>
  /** Waits until all have ended. Those that repeat a post do so until it is acknowledged, unless they give up. */
  stop(options?: { giveUp: boolean }): Promise<void>
}

/**
 * Starts clients that post, and edit what they posted. Every other post is sent again, with its idempotency key and to the
 * next server, until it is acknowledged; the rest are not.
 */
export function startWriting({ random, tally }: DrillContext, fleet: Fleet): Writing {
  const { history, servers } = fleet
  const responses = new Map<string, number>()
  let isStopped = false
  let isGivingUp = false

  async function attempt(server: number, request: ApiRequest): Promise<[string, ApiResponse | undefined]> {
    const { url = '' } = servers[server % servers.length] ?? {}
    const response = await send(url, request).catch(() => undefined)
    const { status = 0, body = '' } = response ?? {}
    const code = status >= 400 ? ` ${JSON.parse(body).error.code}` : ''
    const name = response ? `${status}${code}` : 'none'
    responses.set(name, (responses.get(name) ?? 0) + 1)
    if (status >= 400 && status <= 500) tally.problems.push(`A request failed: ${name}`)
    return [name, response]
  }

  function nextText(): { key: string; content: string } {
    const key = history.nextKey()
    return { key, content: `${key} ${random.text(random.integer(1, MAX_LENGTH))}` }
  }

  /** Resolves with the id, if it was acknowledged. */
  async function post(server: number): Promise<number | undefined> {
    const { key, content } = nextText()
    const isPatient = random.integer(0, 1) === 0
    const body = { content, sender: 'drill' }
    let mayBeStored = false
    history.record('invoke', key, content)
    for (let attempts = 0; attempts === 0 || (isPatient && !isGivingUp); attempts += 1) {
      if (attempts > 0) await pause(RETRY_MS)
      const request = { method: 'POST', path: 'messages', body, headers: { 'Idempotency-Key': key } } as const
      const [name, response] = await attempt(server + attempts, request)
      if (response?.status === 201) {
        history.record('ok', key)
        return JSON.parse(response.body).message_id as number
      }
      if (!response || UNKNOWN.includes(name)) mayBeStored = true
    }
    history.record(mayBeStored ? 'unknown' : 'fail', key)
    return undefined
  }

  /** Resolves with the id, if it was acknowledged. */
  async function edit(server: number, id: number): Promise<number | undefined> {
    const { key, content } = nextText()
    history.record('invoke', key, content)
    const [name, response] = await attempt(server, {
      method: 'PATCH',
      path: `messages/${id}`,
      body: { content },
    })
    const isAcknowledged = response?.status === 200
    if (isAcknowledged) history.record('ok', key)
    else history.record(response && !UNKNOWN.includes(name) ? 'fail' : 'unknown', key)
    return isAcknowledged ? id : undefined
  }

  async function run(server: number): Promise<void> {
    const ids: number[] = []
    while (!isStopped) {
      const isEdit = ids.length > 0 && random.integer(0, 3) === 0
      const id = isEdit ? await edit(server, random.pick(ids)) : await post(server)
      if (id !== undefined && !isEdit) ids.push(id)
      await pause(id === undefined ? RETRY_MS : PAUSE_MS)
    }
  }

  const running = Array.from({ length: WRITERS_PER_SERVER * servers.length }, (_, writer) => run(writer))
  return {
    responses,
    async stop({ giveUp } = { giveUp: false }) {
      isStopped = true
      isGivingUp = giveUp
      await Promise.all(running)
    },
  }
}

/** Adds the responses that were not successes to the figures. */
export function noteResponses(tally: Tally, { responses }: Writing): void {
  for (const [name, times] of responses) if (!name.startsWith('20')) count(tally, `responses: ${name}`, times)
}
