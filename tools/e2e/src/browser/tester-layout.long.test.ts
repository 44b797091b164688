import { describe, expect, it } from 'vitest'
import { findChromium, openBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

/** Moves of what is on the screen that the user did not cause, as in Cumulative Layout Shift: up to 0.1 is good. */
const MAX_LAYOUT_SHIFT = 0.1

const WIDE_MARKDOWN = `| ${'x'.repeat(200)} | b |\n|---|---|\n| ${'y'.repeat(200)} | d |\n\n\`\`\`\n${'z'.repeat(300)}\n\`\`\``

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
}

describe.skipIf(chromium === null)('the layout of the web tester', () => {
  it.each([320, 1280])(
    'fits a screen of %i pixels with everything open, and does not jump',
    async (width) => {
      await using workspace = await openWorkspace()
      await using browser = await openBrowser(chromium ?? '')
      const { url } = await workspace.start()
      const headers = { 'Content-Type': 'application/json' }
      const send = (method: string, path: string, body: object) =>
        createClient(url).call(path, { method, headers, body: JSON.stringify(body) })
      const topic = 'https://a.example/a/very/long/topic/without/any/space/in/it'
      await send('POST', '/messages', { content: 'one', sender: 'w'.repeat(64), topic })
      await send('PATCH', '/messages/1', { content: 'v'.repeat(3000) })
      await send('POST', '/messages', {
        content: WIDE_MARKDOWN,
        sender: 'alice',
        format: 'markdown',
        reply_to: 1,
      })
      for (const emoji of ['👍', '❤️', '😂', '🎉', '😮', '😢', '👀', '🚀']) {
        await send('POST', '/messages', { content: emoji, sender: 'bob', format: 'reaction', reply_to: 2 })
      }

      const { page } = await browser.open('about:blank')
      await page.setViewportSize({ width, height: 800 })
      await page.addInitScript(() => {
        const shifts: number[] = []
        Object.assign(globalThis, { shifts })
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as LayoutShift[]) {
            if (!entry.hadRecentInput) shifts.push(entry.value)
          }
        })
        observer.observe({ type: 'layout-shift', buffered: true })
      })
      await page.goto(url)
      const row = (id: number) => page.locator(`#messages li[data-id="${id}"]`)
      await row(2).locator('.markdown table').waitFor()
      await page.locator('#messages li[data-state="synchronized"]').nth(1).waitFor()
      const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number[] }).shifts)
      expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(MAX_LAYOUT_SHIFT)

      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      for (const id of [1, 2]) {
        const more = row(id).locator('[data-part="more"]')
        if (await more.isVisible()) await more.click()
        await row(id).locator('[data-part="history"]').click()
        await row(id).locator('[data-part="react"]').click()
      }
      await row(1).locator('.version').nth(1).waitFor()
      await row(1).locator('[data-part="show-all"]').click()
      await row(1).locator('[data-part="reply"]').click()
      await row(1).locator('[data-part="edit"]').click()
      await page.selectOption('#format', 'markdown')
      await page.fill('#content', WIDE_MARKDOWN)
      await page.locator('#preview table').waitFor()
      await page.click('#topics summary')
      await page.locator('#topic-list a').waitFor()
      await page.fill('#search-field', 'vvv*')
      await page.keyboard.press('Enter')
      await page.locator('#search-results a').waitFor()
      expect(await overflow()).toBe(0)
      await row(2).locator('[data-part="delete"]').click()
      await page.locator('#delete-dialog[open]').waitFor()
      expect(await overflow()).toBe(0)
    },
  )
})
