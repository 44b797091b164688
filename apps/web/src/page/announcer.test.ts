import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAnnouncer } from './announcer.js'

class Region {
  textContent = ''
}

let region: Region

beforeEach(() => {
  region = new Region()
  vi.useFakeTimers()
  vi.stubGlobal('HTMLElement', Region)
  vi.stubGlobal('document', { getElementById: () => region })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('announces texts of the same moment together', () => {
  const announce = createAnnouncer()
  announce('Accepted as message 1')
  announce('Connected again')
  vi.runAllTimers()
  expect(region.textContent).toBe('Accepted as message 1. Connected again')
})

it('empties the live region before it announces the same text again', () => {
  const announce = createAnnouncer()
  announce('Copied')
  vi.runAllTimers()
  announce('Copied')
  expect(region.textContent).toBe('')
  vi.runAllTimers()
  expect(region.textContent).toBe('Copied')
})
