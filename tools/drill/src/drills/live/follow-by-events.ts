import type { MessageDetails } from '@gitmsg/client'
import { EventSource } from 'eventsource'
import { createLedger, type Follower, type FollowOptions } from './follower.js'

/** The server sends a frame every 25 s; without any for this time, the connection is dead. */
const SILENCE_MS = 60_000
const CHECK_MS = 500

/** The types of frames, which are the types of events. */
const EVENTS = ['welcome', 'messages', 'sync', 'reset', 'beat', 'bye']

/**
 * Where a client resumes after a lost connection: after the last event, as browsers do, or, which is wrong, always at the
 * first place, or nowhere.
 */
export type ResumeAt = 'last' | 'first' | 'nowhere'

/** Follows by an event stream, as a page in a browser would. */
export function followByEvents(
  { url, start, clockSpeed }: FollowOptions,
  { resumeAt = 'last' }: { resumeAt?: ResumeAt } = {},
): Follower {
  const ledger = createLedger()
  let place = `${start.epoch}:${start.position}`
  let heardAt = performance.now()
  let source = open()
  const checks = setInterval(check, CHECK_MS)

  function open(): EventSource {
    const query = resumeAt === 'nowhere' ? '' : `?after=${place}`
    const opened = new EventSource(`${url}live${query}`, { fetch: request })
    for (const type of EVENTS) opened.addEventListener(type, hear)
    return opened
  }

  function hear({ type, data, lastEventId }: MessageEvent): void {
    heardAt = performance.now()
    if (type === 'messages') for (const message of messagesOf(data)) ledger.add(message)
    if (resumeAt === 'last' && lastEventId !== '') place = lastEventId
  }

  /** It reconnects by itself, unless the server has rejected it or the connection is half-open. */
  function check(): void {
    const isSilent = performance.now() - heardAt >= SILENCE_MS / clockSpeed
    if (!isSilent && source.readyState !== EventSource.CLOSED) return
    source.close()
    heardAt = performance.now()
    source = open()
  }

  function request(input: string | URL, init: { headers: Record<string, string> }): Promise<Response> {
    const { 'Last-Event-ID': last, ...headers } = init.headers
    if (resumeAt === 'last' && last !== undefined) headers['Last-Event-ID'] = last
    return fetch(input, { ...init, headers })
  }

  return {
    ledger,
    stop() {
      clearInterval(checks)
      source.close()
    },
  }
}

const messagesOf = (data: string): MessageDetails[] => JSON.parse(data).messages
