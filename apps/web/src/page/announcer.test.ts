import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { createAnnouncer } from './announcer.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

it('announces texts of the same moment together', () => {
  const region = openFakePage().element('announcer')
  const announce = createAnnouncer()
  announce('Accepted as message 1')
  announce('Connected again')
  vi.runAllTimers()
  expect(region.textContent).toBe('Accepted as message 1. Connected again')
})

it('empties the live region before it announces the same text again', () => {
  const region = openFakePage().element('announcer')
  const announce = createAnnouncer()
  announce('Copied')
  vi.runAllTimers()
  announce('Copied')
  expect(region.textContent).toBe('')
  vi.runAllTimers()
  expect(region.textContent).toBe('Copied')
})
