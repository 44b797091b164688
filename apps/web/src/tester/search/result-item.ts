import type { FoundMessage, SnippetPart } from '../../api/api-types.js'
import { build, type Content } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'
import { hashOf } from '../view/place.js'

/** Creates the item of a message that was found: a link to it in its thread. */
export function createResultItem({ message, snippet }: FoundMessage): HTMLElement {
  const { id, sender, timestamp, topic } = message
  const time = document.createElement('time')
  time.className = 'message-time'
  showTime(time, timestamp)
  const head = build('span', 'result-head', build('bdi', 'message-sender', sender), ` #${id} `, time)
  if (topic !== undefined) head.append(' ', build('bdi', 'result-topic', topic))
  const text = build('span', 'result-snippet', ...snippet.map(toContent))
  text.dir = 'auto'
  const link = build('a', 'result', head, text)
  link.setAttribute('href', hashOf({ kind: 'thread', key: String(id) }))
  return build('li', '', link)
}

const toContent = ({ text, match }: SnippetPart): Content => (match ? build('mark', '', text) : text)
