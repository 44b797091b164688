import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findChromium, openBrowser } from '../testing/browser.js'
import { gitmsg } from '../testing/gitmsg.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

describe.skipIf(chromium === null)('the web tester of a server with access tokens', () => {
  // Covers V14.3.3
  it('asks for a token, uses it and never displays it', async () => {
    await using workspace = await openWorkspace()
    await using browser = await openBrowser(chromium ?? '')
    const settings = { GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
    const { stdout } = gitmsg(workspace.path, ['token', 'create', '--scope', 'read,write'], settings)
    const token = stdout.trim()
    const { page } = await browser.open((await workspace.start(settings)).url)

    await page.locator('#token-form').waitFor()
    await page.fill('#access-token', token)
    await page.keyboard.press('Enter')
    await page.locator('#token-form').waitFor({ state: 'hidden' })
    await page.fill('#sender', 'alice')
    await page.fill('#content', 'with a token')
    await page.click('#send')
    await page.locator('#messages li[data-state="synchronized"]').waitFor()
    await page.locator('#connection[data-state="live"]').waitFor()
    await page.locator('#frames summary', { hasText: 'hello' }).click()
    await page.locator('#frames').getByText('"•••"').waitFor()
    expect(await page.content()).not.toContain(token)

    await page.reload()
    await page.locator('#messages li[data-state="synchronized"]').waitFor()
    expect(await page.locator('#token-form').isVisible()).toBe(false)
  })

  // Covers V14.3.1
  it('clears the screen once its token is revoked', async () => {
    await using workspace = await openWorkspace()
    await using browser = await openBrowser(chromium ?? '')
    const settings = { GITMSG_TOKENS_FILE: join(workspace.path, 'tokens.json') }
    const { stdout } = gitmsg(
      workspace.path,
      ['token', 'create', '--scope', 'read,write', '--name', 'reader'],
      settings,
    )
    const { page } = await browser.open((await workspace.start(settings)).url)
    await page.fill('#access-token', stdout.trim())
    await page.keyboard.press('Enter')
    await page.fill('#sender', 'alice')
    await page.fill('#content', 'for few eyes')
    await page.click('#send')
    await page.locator('#messages li[data-state="synchronized"]').waitFor()
    await page.locator('#response-line').getByText('201').waitFor()
    await page.locator('#frames summary', { hasText: 'messages' }).first().click()
    await page.locator('#frames').getByText('for few eyes').first().waitFor()

    gitmsg(workspace.path, ['token', 'revoke', 'reader'], settings)
    await page.locator('#token-form').waitFor()
    await page.locator('#messages li').waitFor({ state: 'detached' })
    await page.locator('#frames').getByText('4401 unauthenticated').waitFor()
    expect(await page.locator('body').textContent()).not.toContain('for few eyes')
    expect(await page.locator('#connection').textContent()).not.toBe('Live')

    const { stdout: renewed } = gitmsg(workspace.path, ['token', 'create', '--scope', 'read'], settings)
    await page.fill('#access-token', renewed.trim())
    await page.keyboard.press('Enter')
    await page.locator('#connection[data-state="live"]').waitFor()
    await page.locator('#messages').getByText('for few eyes').waitFor()
  })
})
