import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProblems } from '../testing/accessibility.js'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { type CommentedSite, openCommentedSite } from '../testing/commented-site.js'
import { type CodeBlock, follow, readGuide } from '../testing/documents/guide.js'
import { ROOT } from '../testing/root.js'
import type { RunningServer } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const chromium = findChromium()
const PASSWORD = 'correct horse battery'
const MARKUP = '<img src=x onerror="document.title=1"><b>bold</b>\n  & [a](javascript:alert(1))'

describe.skipIf(chromium === null)('comments for a site, set up as in comments.md', () => {
  const guide = readGuide('comments.md')
  let workspace: Workspace
  let server: RunningServer
  let site: CommentedSite
  let browser: TestBrowser
  beforeAll(async () => {
    workspace = await openWorkspace()
    site = await openCommentedSite()
    await followPart('Settings')
    await followPart('A moderator')
    server = await workspace.start()
    await site.use(server.url)
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
    await workspace?.[Symbol.asyncDispose]()
  })

  /** Follows a section of the guide, with the address of the site where the guide has its example. */
  async function followPart(section: string): Promise<CodeBlock[]> {
    const blocks = guide.filter((block) => block.section === section)
    expect(blocks).not.toEqual([])
    const here = blocks.map((block) => ({
      ...block,
      text: block.text.replaceAll('https://blog.example.org', site.origin),
    }))
    expect(await follow(here, { folder: workspace.path })).toEqual(here)
    return here
  }

  const openPage = async (name = 'first.html') => browser.open(new URL(name, site.origin).href)

  async function register(page: Page, handle: string): Promise<void> {
    await page.getByLabel('Name').fill(handle)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create an account' }).click()
    await page.getByText(`Signed in as ${handle}`).waitFor()
  }

  async function write(page: Page, text: string): Promise<void> {
    // Where the focus is after signing in.
    await page.locator('#comments-text:focus').waitFor()
    await page.keyboard.insertText(text)
    await page.getByRole('button', { name: 'Post' }).click()
  }

  const comments = (page: Page) => page.getByRole('log').getByRole('listitem')

  it('the guide shows the code of the example word for word', () => {
    const code = guide.filter(({ file }) => file.startsWith('examples/'))
    expect(code.length).toBeGreaterThan(1)
    for (const { file, text } of code) {
      expect(existsSync(join(ROOT, file)) && readFileSync(join(ROOT, file), 'utf8')).toContain(text)
    }
  })

  it('a comment waits for approval, then everyone on the page sees it at once, as text', async () => {
    const { page: reader, problems } = await openPage()
    await reader.getByText('There are no comments yet.').waitFor()
    expect(await findProblems(reader)).toEqual([])
    const { page: other } = await openPage('second.html')
    const { page: writer } = await openPage()
    await register(writer, 'vera')
    await write(writer, MARKUP)
    await writer.getByText('Your comment waits for approval.').waitFor()
    expect(await findProblems(writer)).toEqual([])
    expect(await comments(reader).count()).toBe(0)

    await followPart('Approve')
    for (const page of [reader, writer]) {
      await comments(page).first().waitFor()
      expect(await comments(page).locator('.comments-text').allTextContents()).toEqual([MARKUP])
      expect(await comments(page).locator('bdi').allTextContents()).toEqual(['vera'])
      expect(await comments(page).locator('img, b, a').count()).toBe(0)
    }
    expect(await findProblems(reader)).toEqual([])
    await other.reload()
    await other.getByText('There are no comments yet.').waitFor()
    expect(await comments(other).count()).toBe(0)
    expect(problems).toEqual([])
    for (const page of [reader, other, writer]) await page.close()
  })

  it('a visitor who comes back signs in, also after a wrong password, and out', async () => {
    const { page } = await openPage('second.html')
    await register(page, 'walt')
    await page.reload()
    await page.getByText('Signed in as walt').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('Signed out.').waitFor()
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('gitmsgs_')
    await page.getByLabel('Name').fill('walt')
    await page.getByLabel('Password').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByText('The handle or the password is wrong.').waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByText('Signed in as walt').waitFor()
    await page.close()
  })

  it('a visitor whose session was ended keeps the comment, and signs in again', async () => {
    const { page } = await openPage('second.html')
    await register(page, 'xena')
    const stored = await page.evaluate(() => sessionStorage.getItem('gitmsg-comments'))
    const headers = { authorization: `Bearer ${JSON.parse(stored ?? '').token}` }
    expect((await fetch(`${server.url}session`, { method: 'DELETE', headers })).status).toBe(204)
    await write(page, 'a long comment')
    await page.getByText('Your session has ended. Sign in again.').waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Signed in as xena').waitFor()
    await page.getByRole('button', { name: 'Post' }).click()
    await page.getByText('Your comment waits for approval.').waitFor()
    expect(await page.getByLabel('Your comment').inputValue()).toBe('')
    await page.close()
  })

  // Covers IN-45
  it('a site that is not allowed gets nothing, and tells its visitors so', async () => {
    await using foreign = await openCommentedSite()
    await foreign.use(server.url)
    const { page, problems } = await browser.open(new URL('first.html', foreign.origin).href)
    await page.getByText('The comments cannot be reached right now.').waitFor()
    await page.getByLabel('Name').fill('vera')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The server could not be reached').waitFor()
    expect(await comments(page).count()).toBe(0)
    expect(problems.some((problem) => problem.includes('CORS'))).toBe(true)
    await page.close()
  })
})
