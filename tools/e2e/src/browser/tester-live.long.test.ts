import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

describe.skipIf(chromium === null)('the web tester on the live channel', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  const row = (page: Page, id: number) => page.locator(`#messages li[data-id="${id}"]`)
  const word = (page: Page, text: string) =>
    page.locator('#connection').getByText(text, { exact: true }).waitFor()
  const idsOf = (page: Page) =>
    page
      .locator('#messages > li')
      .evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.id).join())
  const showsIds = (page: Page, ids: string) => until(async () => (await idsOf(page)) === ids)

  async function openTester(url: string, hash = '') {
    const { page, problems } = await browser.open(url + hash)
    await word(page, 'Live')
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    return {
      ...{ page, problems, requests },
      [Symbol.asyncDispose]: () => page.close(),
    }
  }

  /** Returns what screen readers have heard. */
  async function listenToAnnouncements(page: Page): Promise<() => Promise<string[]>> {
    await page.locator('#announcer').evaluate((region) => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      new MutationObserver(() => heard.push(region.textContent)).observe(region, { childList: true })
    })
    return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
  }

  /** Requests to change messages. */
  const changesOf = (url: string) => {
    const { call } = createClient(url)
    const headers = { 'Content-Type': 'application/json' }
    const send = async (method: string, path: string, body?: object) => {
      await call(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    }
    return {
      post: (content: string, more: object = {}) =>
        send('POST', '/messages', { content, sender: 'alice', ...more }),
      edit: (id: number, changes: object) => send('PATCH', `/messages/${id}`, changes),
      remove: (id: number) => send('DELETE', `/messages/${id}`),
    }
  }

  it('shows what happens in another page without any request', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start()
    const { post, edit, remove } = changesOf(url)
    await post('first')
    await using other = await openTester(url)
    await using tester = await openTester(url)
    const { page, requests, problems } = tester
    await row(page, 1).locator('[data-part="hash"]').waitFor()

    await other.page.fill('#sender', 'bob')
    await other.page.fill('#content', 'from the other page')
    await other.page.click('#send')
    await row(page, 2).getByText('from the other page').waitFor()
    await page.locator('#messages li[data-id="2"][data-state="synchronized"]').waitFor()
    expect(await row(page, 2).getAttribute('data-hash')).toMatch(/^[0-9a-f]{40}$/)

    await post('👍', { format: 'reaction', reply_to: 2 })
    await row(page, 2).locator('.reactions').getByText('👍 1').waitFor()
    await post('a reply', { reply_to: 2 })
    await row(page, 4).locator('[data-part="parent"]').getByText('bob #2').waitFor()
    await edit(4, { content: 'a better reply' })
    await row(page, 4).getByText('a better reply').waitFor()
    await remove(4)
    await row(page, 4).waitFor({ state: 'detached' })
    await until(async () => (await page.locator('#sync-pending').textContent()) === '0')
    expect(await idsOf(page)).toBe('2,1')
    expect(await page.locator('#page-caption').textContent()).toBe('2 on page 1')
    expect(requests).toEqual([])
    expect([...problems, ...other.problems]).toEqual([])

    const frames = await page.locator('#frames > li').allTextContents()
    const types = frames.map((text) => text.replace(/^[\d:.]+ /, ''))
    expect(types.slice(0, 2)).toEqual(['Sent hello', 'Received welcome'])
    expect(types).toContain('Received sync')
    await page.locator('#frames summary', { hasText: 'Received messages' }).first().focus()
    await page.keyboard.press('Enter')
    await page.locator('#frames').getByText('"from the other page"').waitFor()
  })

  it('leaves drafts, the focus and what is being read alone, and tells screen readers what is new', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start()
    const { post, edit } = changesOf(url)
    for (let id = 1; id <= 12; id += 1) await post(`message ${id}\n\n\n`)
    await using tester = await openTester(url)
    const { page, problems } = tester
    const heard = await listenToAnnouncements(page)
    await page.fill('#content', 'a draft')
    const draft = row(page, 1).locator('textarea')
    await row(page, 1).locator('[data-part="edit"]').click()
    await draft.fill('an edit')
    const top = () => draft.evaluate((element) => Math.round(element.getBoundingClientRect().top))
    const before = await top()

    await post('one')
    await edit(1, { content: 'edited elsewhere' })
    await post('two')
    await row(page, 14).waitFor()
    await row(page, 1).locator('[data-part="edited"]').getByText('edited').waitFor()
    expect(await draft.inputValue()).toBe('an edit')
    expect(await draft.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2)
    expect(await page.inputValue('#content')).toBe('a draft')
    await until(async () => /new message/i.test((await heard()).join()))
    expect(problems).toEqual([])
  })

  it('keeps to the filters, the page and the thread that are shown', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start()
    const { post, edit, remove } = changesOf(url)
    for (let id = 1; id <= 5; id += 1) await post(`message ${id}`, { topic: 'deploys' })
    await using lists = await openTester(url)
    await using thread = await openTester(url, '#thread=2')
    await lists.page.fill('#limit', '2')
    await lists.page.fill('#filter-topic', 'deploys')
    await lists.page.locator('#retrieve-form button[type="submit"]').click()
    await showsIds(lists.page, '5,4')

    await post('elsewhere')
    await post('a reply', { reply_to: 2 })
    await showsIds(lists.page, '7,5')
    await edit(5, { topic: 'releases' })
    await showsIds(lists.page, '7,4')
    await lists.page.click('#next-page')
    await showsIds(lists.page, '3,2')
    await post('not on this page', { topic: 'deploys' })
    await remove(2)
    await showsIds(lists.page, '3,1')

    await showsIds(thread.page, '2,7')
    await row(thread.page, 2).locator('.deleted').waitFor()
    await lists.page.click('#first-page')
    await showsIds(lists.page, '8,7')
    expect([...lists.problems, ...thread.problems]).toEqual([])
  })

  it('reads on where it stopped after the server was killed, with each message once', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    const { port } = new URL(server.url)
    await changesOf(server.url).post('before')
    await using tester = await openTester(server.url)
    const { page } = tester
    // Only the channel can tell what is new.
    await page.route('**/messages?*', (route) => route.abort())
    await server.stop('SIGKILL')
    await word(page, 'Disconnected')

    const { post, edit } = changesOf((await workspace.start({ PORT: port })).url)
    await post('after')
    await edit(1, { content: 'edited' })
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await row(page, 1).locator('[data-part="content"]').getByText('edited').waitFor()
    await word(page, 'Live')
    await post('live again')
    await row(page, 3).getByText('live again').waitFor()
    expect(await idsOf(page)).toBe('3,2,1')
    const hellos = await page.locator('#frames summary', { hasText: 'Sent hello' }).count()
    expect(hellos).toBeGreaterThan(1)
  })

  it('shows that it polls while the server has no channel, and listens once there is one', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start({ GITMSG_LIVE_SOCKETS: '0' })
    const { port } = new URL(server.url)
    const { page } = await browser.open(server.url)
    await word(page, 'Polling')
    await changesOf(server.url).post('by polling')
    await page.locator('#messages li[data-id="1"][data-state="synchronized"]').waitFor()
    await page.locator('#frames').getByText('Closed 1006').first().waitFor()
    expect(await page.locator('#outage').isVisible()).toBe(false)

    await server.stop()
    await workspace.start({ PORT: port })
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await word(page, 'Live')
    await page.locator('#outage').waitFor({ state: 'hidden' })
    await page.close()
  })
})
