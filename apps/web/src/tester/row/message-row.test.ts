import { describe, expect, it, vi } from 'vitest'
import { type FakeElement, openFakePage } from '../../testing/fake-page.js'
import { openRowContext } from '../../testing/row-context.js'
import { sampleMessage, synchronizedMessage } from '../../testing/sample-message.js'
import { createMessageRow, describeEdit, stateOf } from './message-row.js'

const openRow = () => {
  openFakePage()
  const context = openRowContext()
  const row = createMessageRow(context)
  return { row, context, element: row.element as unknown as FakeElement }
}

describe('stateOf()', () => {
  it.each([
    [false, undefined, 'pending'],
    [false, 'The path is too long.', 'quarantined'],
    [true, 'The path is too long.', 'synchronized'],
  ] as const)('derives the state of a message: synchronized %s, reason %s: %s', (done, reason, state) => {
    expect(stateOf(sampleMessage({ is_synchronized: done }), reason)).toBe(state)
  })
})

describe('describeEdit()', () => {
  it.each([
    [{}, null],
    [{ version: 2 }, 'edited'],
    [{ version: 2, updated_by: 'bob' }, 'edited by bob'],
    [{ version: 3, deleted: true }, 'deleted'],
  ] as const)('describes %j as: %s', (changes, text) => {
    expect(describeEdit(sampleMessage(changes))).toBe(text)
  })
})

it('shows the commit of a message, and that an edit has none yet', () => {
  const { row, element } = openRow()
  row.update(synchronizedMessage(), {})
  expect([element.part('badge').hidden, element.part('hash').hidden]).toEqual([true, false])
  row.update(sampleMessage({ version: 2 }), {})
  expect([element.part('badge').hidden, element.part('hash').hidden]).toEqual([false, true])
  expect(element.dataset).toMatchObject({ state: 'pending' })
  expect(element.dataset.hash).toBeUndefined()
})

it('shows a deleted message as such, with nothing to do but read its thread', () => {
  const { row, element } = openRow()
  row.update(sampleMessage({ version: 2, deleted: true, content: null }), {})
  expect(element.part('content').textContent).toBe('Deleted')
  const hidden = ['reply', 'react', 'edit', 'history', 'delete'].map((part) => element.part(part).hidden)
  expect(hidden).toEqual([true, true, true, true, true])
  expect(element.part('thread').getAttribute('href')).toBe('#thread=1')
})

it('reports when an edit is canceled, because the row may be there only for its draft', () => {
  const { row, element, context } = openRow()
  row.update(sampleMessage(), {})
  const copy = vi.spyOn(document, 'importNode')
  element.part('edit').click()
  expect(row.isEditing()).toBe(true)
  const [form] = copy.mock.results.map(({ value }) => value.firstElementChild)
  form.part('cancel').click()
  expect(row.isEditing()).toBe(false)
  expect(context.onChanged).toHaveBeenCalledWith(undefined)
})

it('filters by the topic of a message', () => {
  const { row, element } = openRow()
  row.update(sampleMessage({ topic: 'a&b' }), {})
  expect(element.part('topic').textContent).toBe('a&b')
  expect(element.part('topic-link').getAttribute('href')).toBe('#topic=a%26b')
})
