import { createCommentForm } from './comment-form.js'
import { element, showRows } from './elements.js'
import { createClient } from './gitmsg-client.js'

/** How many comments are shown at first. */
const LIMIT = 50

const box = document.querySelector('#comments')
const { server: url, topic } = box.dataset

const heading = element('h2', { id: 'comments-heading' }, 'Comments')
const older = element('button', { type: 'button', hidden: '' }, 'Show older comments')
const list = element('ol', { class: 'comments-list', 'aria-labelledby': heading.id })
const note = element('p', { role: 'status' }, 'Loading comments…')
box.setAttribute('aria-labelledby', heading.id)
box.append(heading, older, element('div', { role: 'log' }, list), note, createCommentForm({ url, topic }))

// Everyone may read, so this client has no token, whoever has signed in.
const live = createClient({ url }).live({ topics: [topic], limit: LIMIT })
/** The elements of comments, by what they show. */
const rows = new Map()

function rowOf({ uid, version = 1, sender, timestamp, content }) {
  const key = `${uid} ${version}`
  if (!rows.has(key)) {
    const time = element('time', { datetime: timestamp }, new Date(timestamp).toLocaleString())
    const byline = element('p', { class: 'comments-byline' }, element('bdi', {}, sender), ' ', time)
    rows.set(key, element('li', {}, byline, element('p', { class: 'comments-text', dir: 'auto' }, content)))
  }
  return rows.get(key)
}

function showComments(messages) {
  // The newest come first.
  showRows(list, messages.map(rowOf).reverse())
  showNote()
}

function showNote() {
  const { state, error } = live.status
  const problem = state === 'stopped' ? error.message : error && 'The comments cannot be reached right now.'
  note.textContent = problem ?? (live.messages.length === 0 ? 'There are no comments yet.' : '')
}

live.on('change', showComments)
live.on('status', showNote)
live.ready.then(
  () => {
    showComments(live.messages)
    older.hidden = live.messages.length < LIMIT
  },
  () => showNote(),
)
older.addEventListener('click', async () => {
  older.hidden = !(await live.older().catch(() => true))
})
