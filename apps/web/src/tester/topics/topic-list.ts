import type { ApiClient } from '../../api/api-client.js'
import { queryOf } from '../../api/api-result.js'
import type { Topic } from '../../api/api-types.js'
import type { Purpose } from '../../api/exchange.js'
import { build, elementById, showText } from '../../page/elements.js'
import { showTime } from '../../page/relative-time.js'
import { hashOf } from '../view/place.js'

/** How long the names that fields suggest stay current enough. */
const SUGGESTIONS_MS = 5000

/** The topics, to choose from. */
export interface TopicList {
  /** Loads the topics again if they are shown. */
  refresh(): void
  /** Forgets the topics, and closes the list. */
  clear(): void
}

/** Creates the list, which is loaded when the user opens it, and the suggestions of all fields for a topic. */
export function createTopicList(client: Pick<ApiClient, 'topics'>): TopicList {
  const details = elementById('topics', HTMLDetailsElement)
  const list = elementById('topic-list', HTMLElement)
  const note = elementById('topics-note', HTMLElement)
  const more = elementById('more-topics', HTMLButtonElement)
  let topics: readonly Topic[] = []
  let next: string | null = null
  let loadedAt = Number.NEGATIVE_INFINITY

  async function load(search: string, purpose: Purpose): Promise<void> {
    const result = await client.topics(search, purpose)
    if (result.kind === 'success') {
      loadedAt = performance.now()
      topics = search === '' ? result.value : [...topics, ...result.value]
      next = result.next === null ? null : queryOf(result.next)
      show()
    } else if (result.kind === 'http-error') showText(note, result.error.message)
    else showText(note, `${result.problem}.`)
  }

  function show(): void {
    list.replaceChildren(...topics.map(topicItem))
    elementById('topic-names', HTMLElement).replaceChildren(...topics.map(suggestion))
    showText(note, topics.length === 0 ? 'No message has a topic yet.' : null)
    more.hidden = next === null
  }

  function suggest({ target }: Event): void {
    const isTopicField = target instanceof HTMLInputElement && target.name === 'topic'
    if (isTopicField && performance.now() - loadedAt > SUGGESTIONS_MS) void load('', 'polling')
  }

  details.addEventListener('toggle', () => {
    if (details.open) void load('', 'action')
  })
  more.addEventListener('click', () => void load(next ?? '', 'action'))
  document.addEventListener('focusin', suggest)

  return {
    refresh() {
      if (details.open) void load('', 'polling')
    },
    clear() {
      details.open = false
      topics = []
      next = null
      show()
    },
  }
}

function topicItem({ topic, messages, last_at }: Topic): HTMLElement {
  const time = document.createElement('time')
  showTime(time, last_at)
  const count = build('span', 'count', messages.toLocaleString('en'))
  count.title = messages === 1 ? '1 message' : `${messages.toLocaleString('en')} messages`
  const link = build('a', 'topic-link', build('bdi', '', topic), count, time)
  link.setAttribute('href', hashOf({ kind: 'topic', topic }))
  return build('li', '', link)
}

function suggestion({ topic }: Topic): HTMLElement {
  const option = build('option', '')
  option.setAttribute('value', topic)
  return option
}
