import type { Message } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { shortHash } from '../../page/buttons.js'

/** Screen readers hear of messages this often at most, however many arrive. */
const GATHER_MS = 2000

/** What happens to messages by itself, announced in one sentence for many of them. */
export interface News {
  /** Messages of other senders have appeared. */
  arrived(messages: readonly Message[]): void
  /** Messages are in the repository now. */
  synchronized(messages: readonly Message[]): void
  /** Forgets what was not announced yet. */
  clear(): void
}

export function createNews(announce: Announce): News {
  const arrivals = new Map<number, Message>()
  const commits = new Map<number, Message>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function gather(news: Map<number, Message>, messages: readonly Message[]): void {
    for (const message of messages) news.set(message.id, message)
    if (news.size > 0) timer ??= setTimeout(tell, GATHER_MS)
  }

  function tell(): void {
    timer = undefined
    if (arrivals.size > 0) announce(describeArrivals([...arrivals.values()]))
    if (commits.size > 0) announce(describeCommits([...commits.values()]))
    arrivals.clear()
    commits.clear()
  }

  return {
    arrived: (messages) => gather(arrivals, messages),
    synchronized: (messages) => gather(commits, messages),
    clear() {
      clearTimeout(timer)
      timer = undefined
      arrivals.clear()
      commits.clear()
    },
  }
}

function describeArrivals([first, ...others]: readonly Message[]): string {
  return others.length > 0
    ? `${others.length + 1} new messages`
    : `New message ${first?.id} by ${first?.sender}`
}

function describeCommits([first, ...others]: readonly Message[]): string {
  return others.length > 0
    ? `${others.length + 1} messages are now in the repository`
    : `Message ${first?.id} is now in the repository, as commit ${shortHash(first?.git_hash ?? '')}`
}
