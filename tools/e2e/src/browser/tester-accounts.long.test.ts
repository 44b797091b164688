import { type Client, createClient } from '@gitmsg/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProblems } from '../testing/accessibility.js'
import { ACCOUNTS, createSession } from '../testing/accounts.js'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import type { RunningServer } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const chromium = findChromium()
const PASSWORD = 'correct horse battery'
const NEXT_PASSWORD = 'staple of another horse'

describe.skipIf(chromium === null)('the web tester of a server with accounts', () => {
  let workspace: Workspace
  let server: RunningServer
  let browser: TestBrowser
  let admin: Client
  /** A link with which several people join. */
  let invitation: string
  beforeAll(async () => {
    workspace = await openWorkspace()
    server = await workspace.start(ACCOUNTS)
    browser = await openBrowser(chromium ?? '')
    const token = await createSession({ path: workspace.path, url: server.url }, ['ada', '--admin'])
    admin = createClient({ url: server.url, token })
    invitation = (await admin.invite({ uses: 20 })).link
    const { link } = await admin.invite({ role: 'moderator' })
    await admin.join({ link: secretOf(link), handle: 'mo', password: PASSWORD })
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await workspace?.[Symbol.asyncDispose]()
  })

  const secretOf = (link: string) => link.split('#')[1] ?? ''

  async function openAs(handle: string, password = PASSWORD): Promise<Page> {
    const { page } = await browser.open(server.url)
    await signIn(page, handle, password)
    await page.locator('#account-handle', { hasText: handle }).waitFor()
    return page
  }

  async function signIn(page: Page, handle: string, password: string): Promise<void> {
    await page.fill('#sign-in-handle', handle)
    await page.fill('#sign-in-password', password)
    await page.keyboard.press('Enter')
  }

  async function join(handle: string): Promise<Page> {
    const { page } = await browser.open(invitation)
    await page.fill('#arrival-handle', handle)
    await page.fill('#arrival-password', PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#account-handle', { hasText: handle }).waitFor()
    return page
  }

  // Covers V7.4.4, V14.3.3
  it('joins with a link, which leaves the address at once, posts under the handle and signs out', async () => {
    const { page, problems } = await browser.open(invitation)
    await page.locator('#arrival-heading', { hasText: 'Join' }).waitFor()
    expect(page.url()).not.toContain('gitmsgj_')
    expect(await findProblems(page)).toEqual([])
    await page.fill('#arrival-handle', 'No Handle')
    await page.fill('#arrival-password', PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#arrival-handle-error').waitFor()
    await page.fill('#arrival-handle', 'bob')
    await page.keyboard.press('Enter')
    await page.locator('#account-role', { hasText: 'member' }).waitFor()
    await page.locator('#request-body', { hasText: '"handle"' }).waitFor()
    const shown = await page.locator('#exchange-section').textContent()
    expect(shown).toContain('"password": "•••"')
    expect(shown).toContain('"token": "•••"')
    expect(await page.content()).not.toContain(secretOf(invitation))
    expect(await page.content()).not.toContain(PASSWORD)

    expect(await page.locator('#moderation').isVisible()).toBe(false)
    expect(await page.locator('#people').isVisible()).toBe(false)
    expect(await page.locator('#sender').inputValue()).toBe('bob')
    expect(await page.locator('#sender').isEditable()).toBe(false)
    await page.fill('#content', 'for the moderators')
    await page.click('#send')
    await page.locator('#send-outcome', { hasText: 'Held' }).waitFor()

    await page.click('#sign-out')
    await page.locator('#sign-in-form').waitFor()
    await page.locator('#connection', { hasText: 'Signed out' }).waitFor()
    expect(await page.locator('#sign-in-notice').isVisible()).toBe(false)
    expect(await page.locator('#provider-link').isVisible()).toBe(false)
    expect(await page.locator('#token-form').isVisible()).toBe(false)
    expect(await page.locator('#sender').isEditable()).toBe(true)
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('gitmsgs_')
    // Responses that the server has rejected are in the console, but nothing of scripts or the policy.
    expect(problems.filter((problem) => !problem.startsWith('Failed to load resource'))).toEqual([])
    await page.close()
  })

  it('tells people that their link was used already', async () => {
    const { link } = await admin.invite()
    for (const handle of ['carol', 'dave']) {
      const { page } = await browser.open(link)
      await page.fill('#arrival-handle', handle)
      await page.fill('#arrival-password', PASSWORD)
      await page.keyboard.press('Enter')
      if (handle === 'carol') await page.locator('#account').waitFor()
      else await page.getByText('was used already').first().waitFor()
      await page.close()
    }
  })

  // Covers V6.2.6, V6.2.7
  it('signs in with the right password only, pasted into a masked field, and again after the page is loaded', async () => {
    const { page } = await browser.open(server.url)
    await page.locator('#sign-in-form').waitFor()
    expect(await findProblems(page)).toEqual([])
    await signIn(page, 'ada', 'wrong')
    await page.locator('#sign-in-form').getByText('The handle or the password is wrong.').waitFor()
    await page.locator('#response-line').getByText('401').waitFor()
    const field = page.locator('#sign-in-password')
    expect(await field.getAttribute('type')).toBe('password')
    expect(await field.getAttribute('autocomplete')).toBe('current-password')
    await page.fill('#sign-in-handle', PASSWORD)
    for (const key of ['a', 'x']) await page.keyboard.press(`ControlOrMeta+${key}`)
    await page.fill('#sign-in-handle', 'ada')
    await field.fill('')
    await page.keyboard.press('ControlOrMeta+v')
    expect(await field.inputValue()).toBe(PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#account-role', { hasText: 'admin' }).waitFor()
    await page.locator('#connection[data-state="live"]').waitFor()
    await page.reload()
    await page.locator('#account-handle', { hasText: 'ada' }).waitFor()
    expect(await page.locator('#sign-in-form').isVisible()).toBe(false)
    await page.close()
  })

  it('chooses a new password with a link that is opened in the same tab', async () => {
    await admin.createAccount({ handle: 'erin' })
    const { link } = await admin.createReset('erin')
    const { page } = await browser.open(server.url)
    await page.locator('#sign-in-form').waitFor()
    await page.goto(link)
    await page.locator('#arrival-heading', { hasText: 'Choose a new password' }).waitFor()
    expect(page.url()).not.toContain('gitmsgr_')
    expect(await page.locator('#arrival-handle').isVisible()).toBe(false)
    await page.fill('#arrival-password', NEXT_PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#account-handle', { hasText: 'erin' }).waitFor()
    await page.click('#sign-out')
    await signIn(page, 'erin', NEXT_PASSWORD)
    await page.locator('#account').waitFor()
    await page.close()
  })

  it('changes the own password, and creates and revokes a token, which is shown once', async () => {
    const page = await join('frank')
    await page.click('#own-account summary')
    await page.fill('#current-password', PASSWORD)
    await page.fill('#new-password', NEXT_PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('#announcer', { hasText: 'The password is changed' }).waitFor({ state: 'attached' })
    await page.fill('#token-name', 'laptop')
    await page.fill('#token-days', '7')
    await page.click('#new-token-form button')
    const secret = page.locator('#token-secret-text')
    await secret.waitFor()
    const token = await secret.inputValue()
    expect(token).toMatch(/^gitmsg_/)
    expect(await page.locator('#response-body').textContent()).toContain('"token": "•••"')
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${server.url}messages`, { headers })).status).toBe(200)
    expect(await findProblems(page)).toEqual([])
    await page.click('#token-secret [data-part="dismiss"]')
    expect(await secret.inputValue()).toBe('')
    await page.getByRole('button', { name: /^Revoke laptop/ }).click()
    await page.getByRole('button', { name: /^Revoke laptop/ }).waitFor({ state: 'detached' })
    expect((await fetch(`${server.url}messages`, { headers })).status).toBe(401)
    await page.close()
  })

  it('shows held posts to a moderator, who approves one, rejects another and closes a report', async () => {
    const author = await join('grace')
    for (const content of ['good words', 'bad words']) {
      await author.fill('#content', content)
      await author.click('#send')
      await author.waitForFunction(
        () => document.querySelector<HTMLTextAreaElement>('#content')?.value === '',
      )
    }
    const page = await openAs('mo')
    expect(await page.locator('#people').isVisible()).toBe(false)
    await page.click('#moderation summary')
    const item = (content: string) => page.locator('#held-section li', { hasText: content })
    await item('good words').waitFor()
    expect(await findProblems(page)).toEqual([])
    await item('good words').getByRole('button', { name: 'Approve' }).click()
    await item('good words').waitFor({ state: 'detached' })
    await item('bad words').getByRole('button', { name: 'Reject' }).click()
    await item('bad words').waitFor({ state: 'detached' })
    await author.locator('#messages').getByText('good words').waitFor()
    expect(await author.locator('#messages').getByText('bad words').count()).toBe(0)

    await admin.report(1, { reason: 'Spam of the worst kind' })
    await page.click('#moderation summary')
    await page.click('#moderation summary')
    const report = page.locator('#reports-section li', { hasText: 'Spam of the worst kind' })
    await report.getByRole('button', { name: 'Close' }).click()
    await page.locator('#reports-section').getByText('No message is reported.').waitFor()
    await page.close()
    await author.close()
  })

  // Covers V14.3.1
  it('lets an admin invite, change roles, create reset links and disable a person, whose page reports it', async () => {
    await admin.post({ content: 'for few eyes', sender: 'ada' })
    const ivan = await join('ivan')
    await ivan.reload()
    await ivan.locator('#connection[data-state="live"]').waitFor()
    await ivan.locator('#retrieve-form button[type="submit"]').click()
    await ivan.locator('#response-body', { hasText: 'for few eyes' }).waitFor()
    const page = await openAs('ada')
    await page.click('#people summary')
    const item = page.locator('#people-section li', { hasText: 'ivan' })
    await item.waitFor()
    await page.click('#invitation-form button')
    await expect.poll(() => page.locator('#link-secret-text').inputValue()).toMatch(/#gitmsgj_/)
    await item.getByRole('button', { name: 'Reset link for ivan' }).click()
    await expect.poll(() => page.locator('#link-secret-text').inputValue()).toMatch(/#gitmsgr_/)
    expect(await findProblems(page)).toEqual([])
    expect(await page.locator('#exchange-section').textContent()).not.toContain('gitmsgr_')
    await item.getByRole('combobox').selectOption('reader')
    await page.locator('#announcer', { hasText: 'ivan is reader now' }).waitFor({ state: 'attached' })
    await item.getByRole('button', { name: 'Disable ivan' }).click()
    await item.getByRole('button', { name: 'Enable ivan' }).waitFor()

    await ivan.locator('#sign-in-notice', { hasText: 'your account is disabled' }).waitFor()
    expect(await ivan.locator('#account').isVisible()).toBe(false)
    expect(await ivan.locator('body').textContent()).not.toContain('for few eyes')
    expect(await findProblems(ivan)).toEqual([])
  })
})
