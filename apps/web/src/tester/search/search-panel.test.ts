import { afterEach, expect, it, vi } from 'vitest'
import type { FoundMessage } from '../../api/api-types.js'
import { openFakePage } from '../../testing/fake-page.js'
import { httpError, success } from '../../testing/row-context.js'
import { sampleMessage } from '../../testing/sample-message.js'
import type { SearchResult } from './find-messages.js'
import { createSearchPanel } from './search-panel.js'

const found = (...ids: number[]): FoundMessage[] =>
  ids.map((id) => ({ message: sampleMessage({ id }), snippet: [{ text: 'hello', match: true }] }))

const indexing = (percent: number): SearchResult => ({
  kind: 'http-error',
  status: 503,
  error: { code: 'indexing', message: `The search index is being built: ${percent} % are done.` },
})

const openPanel = (...answers: SearchResult[]) => {
  const page = openFakePage()
  const { element } = page
  const search = vi.fn(async (_search: string, _purpose: string, _signal: AbortSignal) => {
    return answers.shift() ?? success(found())
  })
  const announce = vi.fn()
  const panel = createSearchPanel({ client: { search }, announce, list: () => 'messages?topic=a' })
  const form = Object.assign(element('search-form'), {
    elements: { namedItem: (name: string) => (name === 'q' ? element('search-field') : null) },
    querySelectorAll: () => [],
  })
  const submit = (q: string) => {
    element('search-field').value = q
    form.dispatchEvent(new Event('submit', { cancelable: true }))
  }
  const note = () => element('search-note').textContent
  const requests = () => search.mock.calls.map(([target, purpose]) => [target, purpose])
  return { ...page, panel, search, announce, submit, note, requests, results: element('search-results') }
}

afterEach(() => {
  vi.useRealTimers()
})

it('finds messages within the filters of the list, and more of them on demand', async () => {
  const { element, submit, note, requests, results, announce } = openPanel(
    success(found(3, 2), '?q=hello&before=2'),
    success(found(1)),
  )
  submit('hello')
  await vi.waitFor(() => expect(note()).toBe('2 messages found so far in topic a.'))
  element('more-results').click()
  await vi.waitFor(() => expect(note()).toBe('3 messages found in topic a.'))
  expect(requests()).toEqual([
    ['?q=hello&limit=20&topic=a', 'action'],
    ['?q=hello&before=2', 'action'],
  ])
  expect(results.children).toHaveLength(3)
  await vi.waitFor(() => expect(results.children[2]?.firstElementChild?.focus).toHaveBeenCalled())
  expect(element('more-results').hidden).toBe(true)
  expect(announce).toHaveBeenLastCalledWith('3 messages found in topic a.')
})

it('goes on over empty pages, and leaves it to the user after some of them', async () => {
  const empty = () => success(found(), '?q=x&before=1')
  const { element, submit, note, search } = openPanel(empty(), empty(), empty(), empty(), empty())
  submit('x')
  await vi.waitFor(() => expect(note()).toBe('Nothing found so far in topic a.'))
  expect(search).toHaveBeenCalledTimes(5)
  element('more-results').click()
  await vi.waitFor(() => expect(note()).toBe('Nothing found in topic a.'))
})

it('shows the progress of the index, and the results when it is complete', async () => {
  vi.useFakeTimers()
  const { submit, note, requests, announce } = openPanel(indexing(40), indexing(80), success(found(1)))
  submit('hello')
  await vi.advanceTimersByTimeAsync(0)
  expect(note()).toContain('40 % are done')
  await vi.advanceTimersByTimeAsync(5000)
  expect(note()).toContain('80 % are done')
  await vi.advanceTimersByTimeAsync(5000)
  expect(note()).toBe('1 message found in topic a.')
  expect(requests().map(([, purpose]) => purpose)).toEqual(['action', 'polling', 'polling'])
  expect(announce).toHaveBeenCalledTimes(2)
})

it('ends the search that is running when Escape is pressed', async () => {
  vi.useFakeTimers()
  const { element, submit, search, results } = openPanel(indexing(40), success(found(1)))
  submit('hello')
  await vi.advanceTimersByTimeAsync(0)
  element('search-section').dispatchEvent(Object.assign(new Event('keydown'), { key: 'Escape' }))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(search).toHaveBeenCalledTimes(1)
  expect(search.mock.calls[0]?.[2].aborted).toBe(true)
  expect(results.children).toEqual([])
  expect(element('search-note').hidden).toBe(true)
  expect(element('search-field')).toMatchObject({ value: '' })
  expect(element('search-field').focus).toHaveBeenCalled()
})

it('shows only the results of the newest search', async () => {
  const { submit, note, search, results } = openPanel(success(found(9)))
  let respond = (_result: ReturnType<typeof success<FoundMessage[]>>) => {}
  search.mockReturnValueOnce(new Promise((resolve) => (respond = resolve)))
  submit('slow')
  submit('fast')
  await vi.waitFor(() => expect(note()).toBe('1 message found in topic a.'))
  respond(success(found(1, 2)))
  await new Promise((resolve) => setTimeout(resolve))
  expect(results.children).toHaveLength(1)
})

it('shows an error at the field that it names, and any other one below', async () => {
  const { element, submit, announce } = openPanel(httpError(422, 'too_long', 'q'), httpError(503, 'busy'), {
    kind: 'no-response',
    problem: 'The server cannot be reached',
  })
  submit('x'.repeat(300))
  await vi.waitFor(() => expect(element('search-field-error').textContent).toBe('too_long.'))
  expect(element('search-field').getAttribute('aria-invalid')).toBe('true')
  expect(element('search-problem').hidden).toBe(true)
  submit('x')
  await vi.waitFor(() => expect(element('search-problem').textContent).toBe('Cannot search: busy.'))
  submit('x')
  await vi.waitFor(() =>
    expect(element('search-problem').textContent).toBe('Cannot search: The server cannot be reached.'),
  )
  expect(announce).toHaveBeenCalledTimes(3)
})

it('asks for nothing when the field is empty, and removes the results', async () => {
  const { submit, search, results } = openPanel(success(found(1)))
  submit('hello')
  await vi.waitFor(() => expect(results.children).toHaveLength(1))
  submit(' ')
  expect(search).toHaveBeenCalledTimes(1)
  expect(results.children).toEqual([])
})
