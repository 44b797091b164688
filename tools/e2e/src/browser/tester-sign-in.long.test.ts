import { type Client, createClient } from '@gitmsg/client'
import { openFakeProvider } from '@gitmsg/test-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProblems } from '../testing/accessibility.js'
import { ACCOUNTS, createSession } from '../testing/accounts.js'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import type { RunningServer } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const chromium = findChromium()
const PASSWORD = 'correct horse battery'

describe.skipIf(chromium === null)('the web tester of a server with an identity provider', () => {
  let provider: Awaited<ReturnType<typeof openFakeProvider>>
  let workspace: Workspace
  let server: RunningServer
  let browser: TestBrowser
  let admin: Client
  beforeAll(async () => {
    provider = await openFakeProvider()
    workspace = await openWorkspace()
    const { issuer, clientId, clientSecret } = provider.config
    server = await workspace.start({
      ...ACCOUNTS,
      GITMSG_OIDC_ISSUER: issuer,
      GITMSG_OIDC_CLIENT_ID: clientId,
      GITMSG_OIDC_CLIENT_SECRET: clientSecret,
    })
    browser = await openBrowser(chromium ?? '')
    const token = await createSession({ path: workspace.path, url: server.url }, ['ada', '--admin'])
    admin = createClient({ url: server.url, token })
    await admin.post({ content: 'for those who may read', sender: 'ada' })
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await workspace?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
  })

  // Covers V14.3.3
  it('signs in at the provider: the first time with an invitation, then with the button alone', async () => {
    const { page } = await browser.open(server.url)
    await page.click('#provider-link')
    await page.locator('#arrival-link').waitFor()
    expect(provider.requests).toContain('/authorize')
    expect(page.url()).not.toContain('gitmsgi_')
    expect(await page.locator('#arrival-password').isVisible()).toBe(false)
    expect(await findProblems(page)).toEqual([])
    await page.fill('#arrival-link', (await admin.invite()).link)
    await page.fill('#arrival-handle', 'pat')
    await page.keyboard.press('Enter')
    await page.locator('#account-handle', { hasText: 'pat' }).waitFor()
    expect(await page.content()).not.toMatch(/gitmsg[ijs]_/)
    await page.getByText('for those who may read').first().waitFor()

    await page.click('#sign-out')
    await page.click('#provider-link')
    await page.locator('#account-handle', { hasText: 'pat' }).waitFor()
    expect(page.url()).not.toContain('gitmsgs_')
    await page.goBack()
    expect(page.url()).not.toContain('gitmsgs_')
    await page.reload()
    await page.locator('#account-handle', { hasText: 'pat' }).waitFor()
    await page.close()
  })

  // Covers V14.3.3
  it('takes an access token, and offers what its scopes allow', async () => {
    const { token } = await admin.createToken({ name: 'reader', scopes: ['read', 'moderate'] })
    const { page } = await browser.open(server.url)
    await page.click('#use-token')
    await page.locator('#access-token:focus').waitFor()
    expect(await findProblems(page)).toEqual([])
    await page.keyboard.insertText(`gitmsg_${'x'.repeat(43)}`)
    await page.keyboard.press('Enter')
    await page.locator('#sign-in-notice', { hasText: 'The access token is not valid.' }).waitFor()
    await page.click('#use-token')
    await page.keyboard.insertText(token)
    await page.keyboard.press('Enter')
    await page.locator('#account-role', { hasText: 'admin, with an access token' }).waitFor()
    await page.locator('#connection[data-state="live"]').waitFor()
    await page.getByText('for those who may read').first().waitFor()
    expect(await page.locator('#sign-in-form, #token-form').filter({ visible: true }).count()).toBe(0)
    expect(await page.locator('#own-account, #people').filter({ visible: true }).count()).toBe(0)
    await page.click('#moderation summary')
    await page.getByText('No post waits').waitFor()
    expect(await page.content()).not.toContain(token)

    await page.reload()
    await page.locator('#account-role', { hasText: 'with an access token' }).waitFor()
    await page.click('#sign-out')
    await page.locator('#sign-in-form').waitFor()
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('gitmsg_')
    await page.close()
  })

  it('reports a message to the moderators, by keyboard on a narrow screen', async () => {
    const { page } = await browser.open((await admin.invite()).link)
    await page.setViewportSize({ width: 360, height: 700 })
    await page.fill('#arrival-handle', 'rita')
    await page.fill('#arrival-password', PASSWORD)
    await page.keyboard.press('Enter')
    const row = page.locator('#messages li', { hasText: 'for those who may read' })
    await row.getByRole('button', { name: 'More' }).focus()
    await page.keyboard.press('Enter')
    await row.getByRole('button', { name: 'Report' }).focus()
    await page.keyboard.press('Enter')
    const form = row.getByRole('form', { name: 'Report message 1' })
    await form.getByRole('textbox').waitFor()
    expect(await findProblems(page)).toEqual([])
    await page.setViewportSize({ width: 360, height: 700 })
    await page.keyboard.insertText('<b>Spam</b>')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await form.getByText('Reported. The moderators see it now.').waitFor()
    await page.keyboard.press('Escape')
    await form.waitFor({ state: 'detached' })
    await row.locator('[data-part="report"]:focus').waitFor()
    expect(await admin.reports()).toMatchObject([{ account: 'rita', reason: '<b>Spam</b>' }])
    await page.close()
  })

  it('offers no report to those who have not signed in', async () => {
    const { page } = await browser.open(server.url)
    await page.locator('#sign-in-form').waitFor()
    expect(await page.locator('[data-part="report"]').filter({ visible: true }).count()).toBe(0)
    await page.close()
  })
})
