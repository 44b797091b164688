import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

describe.skipIf(chromium === null)('the search of the web tester', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  async function openTester() {
    const workspace = await openWorkspace()
    const { url } = await workspace.start()
    const headers = { 'Content-Type': 'application/json' }
    const post = (message: object) =>
      createClient(url).call('/messages', { method: 'POST', headers, body: JSON.stringify(message) })
    await post({ content: 'ship it on Monday', sender: 'alice', topic: 'deploys' })
    const { page, problems } = await browser.open(url)
    await page.locator('#messages li[data-id="1"]').waitFor()
    return {
      ...{ post, page, problems },
      row: (id: number) => page.locator(`#messages li[data-id="${id}"]`),
      result: (id: number) => page.locator(`#search-results a[href="#thread=${id}"]`),
      note: (text: string) => page.locator('#search-note', { hasText: text }).waitFor(),
      focused: () =>
        page.evaluate(() => {
          const { activeElement } = document
          return activeElement?.id || (activeElement as HTMLElement | null)?.dataset.id
        }),
      async [Symbol.asyncDispose]() {
        await page.close()
        await workspace[Symbol.asyncDispose]()
      },
    }
  }

  it('marks what matches, and leads to the message on its page of a long thread by keyboard', async () => {
    await using tester = await openTester()
    const { page, post, row, result, note, focused } = tester
    for (let number = 2; number <= 60; number += 1) {
      await post({ content: `reply ${number}`, sender: 'bob', reply_to: 1 })
    }
    await post({ content: 'the <b>Crème</b> brûlée', sender: 'bob', reply_to: 1 })
    await page.focus('#search-field')
    await page.keyboard.type('creme BRUL*')
    await page.keyboard.press('Enter')
    await note('1 message found.')
    await page.locator('#announcer', { hasText: '1 message found' }).waitFor()
    expect(await page.locator('#request-line').textContent()).toContain('GET /search?q=creme+BRUL*')
    expect(await result(61).locator('mark').allTextContents()).toEqual(['Crème', 'brûlée'])
    expect(await result(61).locator('.result-snippet').textContent()).toBe('the <b>Crème</b> brûlée')

    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await until(async () => (await focused()) === '61')
    expect(await page.locator('#messages-heading').textContent()).toBe('Thread of message 61')
    expect(await row(61).getAttribute('data-marked')).toBe('')
    const box = await row(61).boundingBox()
    expect(box?.y).toBeGreaterThanOrEqual(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(900)

    await page.click('#first-page')
    await row(1).waitFor()
    await result(61).click()
    await until(async () => (await focused()) === '61')
    await page.focus('#search-field')
    await page.keyboard.press('Escape')
    await result(61).waitFor({ state: 'detached' })
    expect(await page.inputValue('#search-field')).toBe('')
    expect(await focused()).toBe('search-field')
    expect(tester.problems).toEqual([])
  })

  it('keeps to the topic that is shown, and loads more', async () => {
    await using tester = await openTester()
    const { page, post, row, note } = tester
    for (let number = 2; number <= 23; number += 1) {
      await post({ content: `ship ${number}`, sender: 'bob', topic: 'deploys' })
    }
    await post({ content: 'ship elsewhere', sender: 'bob', topic: 'other' })
    await row(24).locator('[data-part="topic-link"]').waitFor()
    await page.locator('#messages a[href="#topic=deploys"]').first().click()
    await row(24).waitFor({ state: 'detached' })
    await page.fill('#search-field', 'ship')
    await page.keyboard.press('Enter')
    await note('20 messages found so far in topic deploys.')
    await page.click('#more-results')
    await note('23 messages found in topic deploys.')
    expect(await page.locator('#search-results a').count()).toBe(23)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#thread=3')
    expect(tester.problems).toEqual([])
  })

  it('says what is wrong with a search that is too long, and when nothing is found', async () => {
    await using tester = await openTester()
    const { page, note } = tester
    await page.fill('#search-field', 'x'.repeat(257))
    await page.keyboard.press('Enter')
    await page.locator('#search-field-error', { hasText: '256 characters' }).waitFor()
    expect(await page.getAttribute('#search-field', 'aria-invalid')).toBe('true')
    await page.fill('#search-field', 'absent')
    await page.keyboard.press('Enter')
    await note('Nothing found.')
    expect(await page.locator('#search-field-error').isVisible()).toBe(false)
  })
})
