import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

/** The browser reports each response of 400 and above, which some tests provoke. */
const isUnexpected = (problem: string) => !problem.includes('the server responded with a status of 4')

describe.skipIf(chromium === null)('the web tester with edits, replies and reactions', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  /** A page of a server with one message, `ship it on Monday` by alice in the topic `deploys`. */
  async function openTester() {
    const workspace = await openWorkspace()
    const { url } = await workspace.start()
    const client = createClient(url)
    const send = async (method: string, path: string, body?: object) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await client.call(path, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, json: text === '' ? null : JSON.parse(text) }
    }
    const first = { content: 'ship it on Monday', sender: 'alice', topic: 'deploys' }
    await send('POST', '/messages', first)
    const { page, problems } = await browser.open(url)
    await page.fill('#sender', 'bob')
    const row = (id: number) => page.locator(`#messages li[data-id="${id}"]`)
    const part = (id: number, name: string) => row(id).locator(`[data-part="${name}"]`)
    await row(1).waitFor()
    return {
      ...{ url, client, send, page, row, part },
      problems: () => problems.filter(isUnexpected),
      async [Symbol.asyncDispose]() {
        await page.close()
        await workspace[Symbol.asyncDispose]()
      },
    }
  }

  const requestLine = (page: Page) => page.locator('#request-line').textContent()

  it('edits a message in place, and shows both commits in its history', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await part(1, 'hash').waitFor()
    await part(1, 'edit').click()
    const form = row(1).locator('form')
    await form.locator('textarea').fill('ship it on Friday')
    await form.locator('[data-part="topic"]').fill('releases')
    await form.locator('[data-part="save"]').click()
    await form.waitFor({ state: 'detached' })
    expect(await requestLine(page)).toBe('PATCH /messages/1')
    expect(await page.locator('#request-headers').textContent()).toContain('If-Match"1"')
    expect(await part(1, 'content').textContent()).toBe('ship it on Friday')
    expect(await part(1, 'edited').textContent()).toBe('edited')
    expect(await part(1, 'topic').textContent()).toBe('releases')
    await page.locator('#messages li[data-id="1"][data-state="synchronized"]').waitFor()

    await part(1, 'history').click()
    const versions = row(1).locator('.version')
    await versions.nth(1).waitFor()
    expect(await versions.nth(0).locator('del').allTextContents()).toEqual(['Monday'])
    expect(await versions.nth(0).locator('ins').allTextContents()).toEqual(['Friday'])
    expect(await versions.nth(0).textContent()).toContain('Topic: deploys → releases')
    const { json } = await send('GET', '/messages/1/history')
    const hashes = await versions
      .locator('.hash')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).title))
    expect(hashes).toEqual(json.map((version: { git_hash: string }) => version.git_hash))
    expect(new Set(hashes).size).toBe(2)
    expect(tester.problems()).toEqual([])
  })

  it('keeps the draft of an edit when the message was changed meanwhile', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await part(1, 'edit').click()
    const form = row(1).locator('form')
    await form.locator('textarea').fill('ship it on Friday')
    await send('PATCH', '/messages/1', { content: 'ship it on Sunday' })
    await page.keyboard.press('Control+Enter')
    await form.locator('[data-part="conflict"]').waitFor()
    expect(await page.locator('#response-panel').getAttribute('data-status')).toBe('412')
    expect(await form.locator('ins').allTextContents()).toEqual(['Sunday'])
    expect(await form.locator('textarea').inputValue()).toBe('ship it on Friday')
    await page.keyboard.press('Control+Enter')
    await form.waitFor({ state: 'detached' })
    expect((await send('GET', '/messages/1')).json).toMatchObject({
      content: 'ship it on Friday',
      version: 3,
    })
    expect(tester.problems()).toEqual([])
  })

  it('keeps the draft of an edit when the message was deleted meanwhile', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await part(1, 'edit').click()
    await row(1).locator('textarea').fill('my draft')
    await send('DELETE', '/messages/1')
    await page.locator('#page-caption:empty').waitFor({ state: 'attached' })
    expect(await row(1).locator('textarea').inputValue()).toBe('my draft')
    await page.keyboard.press('Control+Enter')
    await row(1).locator('form [data-part="problem"]').getByText('Not saved').waitFor()
    await page.keyboard.press('Escape')
    await row(1).waitFor({ state: 'detached' })
    expect(tester.problems()).toEqual([])
  })

  it('asks before it deletes a message, which then is only in its thread', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await send('POST', '/messages', { content: 'why?', sender: 'bob', reply_to: 1 })
    await row(2).waitFor()
    await part(1, 'delete').click()
    await page.locator('#delete-dialog[open]').waitFor()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('cancel-delete')
    await page.keyboard.press('Escape')
    await page.locator('#delete-dialog').waitFor({ state: 'hidden' })
    expect(await part(1, 'delete').evaluate((button) => button === document.activeElement)).toBe(true)

    await page.keyboard.press('Enter')
    await page.click('#confirm-delete')
    await row(1).waitFor({ state: 'detached' })
    expect(await requestLine(page)).toBe('DELETE /messages/1')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('messages-heading')
    await part(2, 'thread').click()
    await row(1).locator('.deleted').waitFor()
    expect(await part(1, 'edit').isVisible()).toBe(false)
    expect(tester.problems()).toEqual([])
  })

  it('replies to a message, shows the thread, and goes back', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await part(1, 'reply').click()
    expect(await page.locator('#reply-bar').textContent()).toContain('alice')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
    await page.keyboard.type('agreed')
    await page.keyboard.press('Control+Enter')
    await row(2).waitFor()
    expect((await send('GET', '/messages/2')).json).toMatchObject({ topic: 'deploys', sender: 'bob' })
    expect(await part(2, 'parent').textContent()).toBe('alice #1')

    await part(2, 'thread').click()
    await page.locator('#messages-section[data-view="thread"]').waitFor()
    const ids = () =>
      page.locator('#messages > li').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.id))
    await until(async () => (await ids()).join() === '1,2')
    expect(await requestLine(page)).toBe('GET /messages/2/thread')
    expect(await row(2).getAttribute('data-marked')).toBe('')
    await page.click('#all-messages')
    await until(async () => (await ids()).join() === '2,1')
    await page.goBack()
    await until(async () => (await ids()).join() === '1,2')
    expect(await page.locator('#messages-heading').textContent()).toBe('Thread of message 2')
    expect(tester.problems()).toEqual([])
  })

  it('pages through a long thread', async () => {
    await using tester = await openTester()
    const { page, send, row, url } = tester
    for (let number = 1; number <= 60; number += 1) {
      await send('POST', '/messages', { content: `reply ${number}`, sender: 'bob', reply_to: 1 })
    }
    await page.goto(`${url}#thread=1`)
    await page.reload()
    await row(50).waitFor()
    expect(await page.locator('#messages > li').count()).toBe(50)
    await page.click('#next-page')
    await row(61).waitFor()
    expect(await page.locator('#messages > li').count()).toBe(11)
    await page.click('#first-page')
    await row(1).waitFor()
    expect(tester.problems()).toEqual([])
  })

  it('lists topics, and filters by the one that is chosen', async () => {
    await using tester = await openTester()
    const { page, send, row } = tester
    await send('POST', '/messages', { content: 'elsewhere', sender: 'bob', topic: 'a & b' })
    await row(2).waitFor()
    await page.click('#topics summary')
    await page.locator('#topic-list a').nth(1).waitFor()
    expect(await page.locator('#topic-list bdi').allTextContents()).toEqual(['a & b', 'deploys'])
    await page.locator('#topic-list a').nth(0).click()
    await row(1).waitFor({ state: 'detached' })
    expect(await page.locator('#messages-heading').textContent()).toBe('Topic a & b')
    expect(await page.inputValue('#filter-topic')).toBe('a & b')
    await page.click('#all-messages')
    await row(1).waitFor()
    expect(await page.inputValue('#filter-topic')).toBe('')
    expect(tester.problems()).toEqual([])
  })

  it('adds a reaction, and takes it back', async () => {
    await using tester = await openTester()
    const { page, part, row, send } = tester
    await send('POST', '/messages', { content: '🎉', sender: 'alice', format: 'reaction', reply_to: 1 })
    await part(1, 'react').click()
    await row(1).locator('.picker button', { hasText: '👍' }).click()
    const own = row(1).locator('.reactions button[aria-pressed="true"]')
    await own.waitFor()
    expect(await row(1).locator('.reactions').textContent()).toBe('🎉 1👍 1')
    await own.click()
    await own.waitFor({ state: 'detached' })
    expect(await requestLine(page)).toMatch(/^DELETE \/messages\/\d+$/)
    expect((await send('GET', '/messages/1')).json.reactions).toEqual({ '🎉': ['alice'] })

    await part(1, 'react').click()
    await row(1).locator('.picker input').fill('two')
    await page.keyboard.press('Enter')
    await part(1, 'problem').getByText('Not done').waitFor()
    expect(tester.problems()).toEqual([])
  })

  it('retrieves deleted messages and reactions', async () => {
    await using tester = await openTester()
    const { page, row, send } = tester
    await send('POST', '/messages', { content: '🎉', sender: 'alice', format: 'reaction', reply_to: 1 })
    await page.check('#filter-format')
    await page.locator('#retrieve-form button[type="submit"]').click()
    await row(2).waitFor()
    expect(await row(1).count()).toBe(0)
    await send('DELETE', '/messages/1')
    await page.uncheck('#filter-format')
    await page.check('#filter-deleted')
    await page.locator('#retrieve-form button[type="submit"]').click()
    await row(1).locator('.deleted').waitFor()
    expect(tester.problems()).toEqual([])
  })

  it('does everything by keyboard', async () => {
    await using tester = await openTester()
    const { page, part, row } = tester
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-part'))
    /** Presses Tab until this part of a row has the focus. */
    const tabTo = (name: string) =>
      until(async () => {
        if ((await focused()) === name) return true
        await press('Tab')
        return false
      })

    await page.focus('#messages-heading')
    await tabTo('react')
    await press('Enter', 'Tab')
    await until(async () => {
      if ((await page.evaluate(() => document.activeElement?.textContent)) === '👍') return true
      await press('Tab')
      return false
    })
    await press('Enter')
    await row(1).locator('.reactions button[aria-pressed="true"]').waitFor()
    expect(await focused()).toBe('react')

    await tabTo('edit')
    await press('Enter', 'Control+End')
    await page.keyboard.type(' or later')
    await press('Control+Enter')
    await part(1, 'content').getByText('ship it on Monday or later').waitFor()
    expect(await focused()).toBe('edit')

    await tabTo('history')
    await press('Enter')
    await row(1).locator('.version').nth(1).waitFor()
    await press('Enter')
    await row(1).locator('.history').waitFor({ state: 'detached' })

    await tabTo('delete')
    await press('Enter', 'Tab', 'Enter')
    await row(1).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('messages-heading')
    expect(tester.problems()).toEqual([])
  })
})
