import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sampleMessage, synchronizedMessage } from '../../testing/sample-message.js'
import { createNews } from './news.js'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

const openNews = () => {
  const announced: string[] = []
  return { announced, news: createNews((text) => announced.push(text)) }
}

it('announces one message by its id and sender, and its commit by its hash', () => {
  const { announced, news } = openNews()
  news.arrived([sampleMessage()])
  news.synchronized([synchronizedMessage()])
  vi.runAllTimers()
  expect(announced).toEqual(['New message 1 by ada', 'Message 1 is now in the repository, as commit 0123456'])
})

it('announces whatever happens within two seconds in two sentences, each message once', () => {
  const { announced, news } = openNews()
  for (let id = 1; id <= 30; id += 1) {
    news.arrived([sampleMessage({ id }), sampleMessage({ id })])
    news.synchronized([synchronizedMessage({ id })])
    vi.advanceTimersByTime(50)
  }
  expect(announced).toEqual([])
  vi.runAllTimers()
  expect(announced).toEqual(['30 new messages', '30 messages are now in the repository'])
  expect(vi.getTimerCount()).toBe(0)
})

it('announces nothing that was cleared, but what comes after it', () => {
  const { announced, news } = openNews()
  news.arrived([sampleMessage()])
  news.clear()
  vi.runAllTimers()
  expect(announced).toEqual([])
  news.arrived([sampleMessage({ id: 2 })])
  vi.runAllTimers()
  expect(announced).toEqual(['New message 2 by ada'])
})
