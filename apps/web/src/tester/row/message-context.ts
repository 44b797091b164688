import type { Message } from '../../api/api-types.js'
import { partOf, setText } from '../../page/elements.js'
import { hashOf } from '../view/place.js'
import type { Parent } from './row-context.js'

/** Creates the line with the message that a reply belongs to, and the topic; both are links. */
export function createMessageContext(
  row: HTMLElement,
): (message: Message, parent: Parent | undefined) => void {
  const line = partOf(row, 'context', HTMLElement)
  const replyLink = partOf(row, 'reply-link', HTMLAnchorElement)
  const topicLink = partOf(row, 'topic-link', HTMLAnchorElement)
  const parentName = partOf(row, 'parent', HTMLElement)
  const topicName = partOf(row, 'topic', HTMLElement)

  return function showContext({ reply_to, topic }, parent) {
    line.hidden = reply_to === undefined && topic === undefined
    replyLink.hidden = reply_to === undefined
    topicLink.hidden = topic === undefined
    if (reply_to !== undefined) {
      setLink(replyLink, hashOf({ kind: 'thread', key: String(parent?.id ?? reply_to) }))
      setText(parentName, describeParent(parent))
    }
    if (topic !== undefined) {
      setLink(topicLink, hashOf({ kind: 'topic', topic }))
      setText(topicName, topic)
    }
  }
}

function describeParent(parent: Parent | undefined): string {
  if (parent === undefined) return '…'
  return parent === null ? 'a deleted message' : `${parent.sender} #${parent.id}`
}

function setLink(link: HTMLAnchorElement, target: string): void {
  if (link.getAttribute('href') !== target) link.setAttribute('href', target)
}
