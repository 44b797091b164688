import type { MessageSearch } from '../message-query.js'
import type { StoredMessage } from '../stored-message.js'
import { type SearchPattern, toSearchPatterns } from '../text/search-patterns.js'
import { wordsOf } from '../text/words.js'

/** The ids that a search must find, newest first: every message is looked at, word by word. */
export function searchNaively(messages: readonly StoredMessage[], search: MessageSearch): number[] {
  const { sender, topic, thread, since, until, before = Number.POSITIVE_INFINITY } = search
  const { required, excluded } = toSearchPatterns(search)
  if (required.length === 0) return []
  const isFound = (message: StoredMessage): boolean => {
    const words = wordsOf(message.content)
    return (
      message.deleted_at === null &&
      message.format !== 'reaction' &&
      message.id < before &&
      (sender === undefined || message.sender === sender) &&
      (topic === undefined || message.topic === topic) &&
      (thread === undefined || message.thread === thread || message.uid === thread) &&
      (since === undefined || message.timestamp >= since) &&
      (until === undefined || message.timestamp < until) &&
      required.every((pattern) => has(words, pattern)) &&
      !excluded.some((pattern) => has(words, pattern))
    )
  }
  return messages
    .filter(isFound)
    .map(({ id }) => id)
    .sort((one, other) => other - one)
}

/** Whether the words have those of the pattern in a row. */
function has(words: readonly string[], { words: wanted, isPrefix }: SearchPattern): boolean {
  return words.some((_, start) =>
    wanted.every((word, index) => {
      const found = words[start + index]
      return isPrefix && index === wanted.length - 1 ? found?.startsWith(word) : found === word
    }),
  )
}
