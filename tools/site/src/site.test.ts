import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findChromium, openBrowser } from '../../e2e/src/testing/browser.js'
import { readSections } from './pages.js'
import { DIST } from './testing/build-site.js'
import { BASE, fileFor, serveSite } from './testing/serve-site.js'

const PAGES = readSections().flatMap(({ pages }) => pages)
const chromium = findChromium()

const htmlOf = (address: string): string => readFileSync(fileFor(BASE + address) ?? '', 'utf8')

/** Links on a page to other places of the site. */
function internalLinks(address: string): string[] {
  const hrefs = [...htmlOf(address).matchAll(/<a\b[^>]*? href="([^"]*)"/g)].map(([, href = '']) => href)
  return hrefs.filter((href) => !/^[a-z]+:/.test(href))
}

/** Whether a link leads to a page, and to a place on it. */
function resolves(href: string, address: string): boolean {
  const { pathname, hash } = new URL(href, `http://site${BASE}${address}`)
  const file = fileFor(pathname)
  const id = decodeURIComponent(hash.slice(1))
  return file !== undefined && (id === '' || readFileSync(file, 'utf8').includes(`id="${id}"`))
}

describe('the site', () => {
  it.each(PAGES)('has a page, and its Markdown: $path', ({ path, title, address }) => {
    expect(htmlOf(address)).toContain('<h1')
    expect(htmlOf(address)).toContain(`<title>${title.replaceAll('`', '').split(' ')[0]}`)
    expect(readFileSync(join(DIST, path), 'utf8')).toContain(`# ${title}`)
  })

  it.each(PAGES)('has no broken links and anchors: $path', ({ address }) => {
    const links = internalLinks(address)
    expect(links).not.toEqual([])
    expect(links.filter((href) => !resolves(href, address))).toEqual([])
  })

  it('has a list of all pages for language models, with a sentence about most', () => {
    const text = readFileSync(join(DIST, 'llms.txt'), 'utf8')
    expect(text).toMatch(
      /^# gitmsg\n\n> A messaging service whose history is a Git repository\.\n\n## Start\n/,
    )
    const items = text.split('\n').filter((line) => line.startsWith('- '))
    expect(items).toHaveLength(PAGES.length)
    for (const { path } of PAGES) expect(text).toContain(`/${path})`)
    expect(items.filter((item) => /\): \w.*\.$/.test(item)).length).toBeGreaterThan(PAGES.length / 2)
  })

  it.runIf(chromium)('finds a word in a page, and leads to it', async () => {
    using site = await serveSite()
    await using browser = await openBrowser(chromium ?? '')
    const { page, problems } = await browser.open(site.url)
    await page.getByRole('button', { name: 'Search' }).first().click()
    await page.locator('#localsearch-input').fill('tombstone')
    const result = page.locator('#localsearch-list a').filter({ hasText: 'Architecture' }).first()
    await result.click()
    await page.waitForURL(/ARCHITECTURE\.html/)
    // The address changes before the page does.
    await page.locator('main').filter({ hasText: 'tombstone' }).waitFor()
    expect(problems).toEqual([])
  })
})
