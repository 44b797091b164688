import { beforeEach, expect, it, vi } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'

const load = () => import('./load-markdown.js')

beforeEach(() => {
  vi.resetModules()
  vi.doUnmock('./render-markdown.js')
})

it('renders nothing until a message needs the parser', async () => {
  openFakePage()
  const { loadMarkdownFor, renderLoadedMarkdown } = await load()
  await loadMarkdownFor([{}])
  expect(renderLoadedMarkdown('*a*')).toBeNull()
  await loadMarkdownFor([{}, { format: 'markdown' }])
  expect(renderLoadedMarkdown('*a*')?.textContent).toBe('a')
})

it('tries again after the parser could not be loaded', async () => {
  openFakePage()
  vi.doMock('./render-markdown.js', () => {
    throw new Error('offline')
  })
  const { loadMarkdown, renderLoadedMarkdown } = await load()
  await loadMarkdown()
  expect(renderLoadedMarkdown('*a*')).toBeNull()
  vi.doUnmock('./render-markdown.js')
  await loadMarkdown()
  expect(renderLoadedMarkdown('*a*')?.textContent).toBe('a')
})
