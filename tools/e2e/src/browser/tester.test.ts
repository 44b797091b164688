import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

describe.skipIf(chromium === null)('the web tester in a real browser', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  // Covers IN-33, V1.2.1, V3.2.2
  it('sends a message and shows its commit without reloading', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start()
    const { page, problems } = await browser.open(url)
    const loads: string[] = []
    page.on('load', () => loads.push(page.url()))

    await page.fill('#sender', 'alice')
    await page.fill('#content', '<img src=x onerror=alert(1)> hello')
    await page.click('#send')
    const item = page.locator('#messages li[data-state="synchronized"]')
    await item.waitFor()

    const [message] = await createClient(url).list()
    expect(await item.getAttribute('data-hash')).toBe(message?.git_hash)
    expect(await item.textContent()).toContain(message?.git_hash?.slice(0, 7))
    expect(await item.textContent()).toContain('<img src=x onerror=alert(1)> hello')
    expect(await page.locator('#response-panel').getAttribute('data-status')).toBe('201')
    expect(await page.locator('#request-panel').textContent()).toContain('POST /messages')
    expect(await page.locator('#messages img').count()).toBe(0)
    expect(loads).toEqual([])
    expect(problems).toEqual([])
  })

  it('shows the messages of another client, page by page', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start()
    const client = createClient(url)
    for (let number = 1; number <= 25; number += 1) await client.post(`message ${number}`)
    const { page, problems } = await browser.open(url)

    await page.fill('#limit', '10')
    await page.locator('#retrieve-form').evaluate((form: HTMLFormElement) => form.requestSubmit())
    await page.locator('#messages li[data-id="25"]').waitFor()
    await page.click('#next-page')
    await page.locator('#messages li[data-id="15"]').waitFor()
    expect(await page.locator('#messages li').count()).toBe(10)
    expect(problems).toEqual([])
  })

  it('shows when the remote fails and when it works again', async () => {
    await using workspace = await openWorkspace()
    const { url } = await workspace.start({ GITMSG_REMOTE: join(workspace.path, 'remote.git') })
    const { page } = await browser.open(url)
    await page.fill('#sender', 'alice')
    await page.fill('#content', 'waiting')
    await page.click('#send')
    await page.locator('#sync-state[data-state="blocked"]').waitFor()
    await page.locator('#messages li[data-state="pending"]').waitFor()

    workspace.makeRemote('remote.git')
    await page.click('#sync-now')
    await page.locator('#messages li[data-state="synchronized"]').waitFor()
    await page.locator('#sync-state[data-state="idle"]').waitFor()
  })

  it('can be used with the keyboard alone and marks an invalid field', async () => {
    await using workspace = await openWorkspace()
    const { page } = await browser.open((await workspace.start()).url)
    await page.focus('#sender')
    await page.keyboard.type('bob\u202e')
    await page.focus('#content')
    await page.keyboard.type('by keyboard')
    await page.keyboard.press('Control+Enter')
    await page.locator('#sender[aria-invalid="true"]').waitFor()

    await page.fill('#sender', 'bob')
    await page.focus('#content')
    await page.keyboard.press('Control+Enter')
    await page.locator('#messages li[data-state="synchronized"]').waitFor()
    expect(await page.locator('#messages li').count()).toBe(1)
  })
})
