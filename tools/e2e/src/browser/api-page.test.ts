import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const chromium = findChromium()

/** The parts of the OpenAPI description that the page must show. */
interface OpenApi {
  readonly paths: Record<string, Record<string, { operationId: string; responses: object }>>
}

/** The same of the AsyncAPI description. */
interface AsyncApi {
  readonly components: {
    readonly messages: Record<string, { summary: string }>
    readonly schemas: Record<string, { properties: object }>
  }
}

describe.skipIf(chromium === null)('the API page in a real browser', () => {
  let workspace: Workspace
  let browser: TestBrowser
  let url: string
  beforeAll(async () => {
    workspace = await openWorkspace()
    browser = await openBrowser(chromium ?? '')
    url = (await workspace.start()).url
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await workspace?.[Symbol.asyncDispose]()
  })

  it('is linked from the tester and shows every endpoint with all its responses', async () => {
    const { paths } = (await (await fetch(new URL('/openapi.json', url))).json()) as OpenApi
    const { page, problems } = await browser.open(url)
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'API' }).click()
    await page.locator('#main:not([aria-busy])').waitFor()

    for (const [path, methods] of Object.entries(paths)) {
      for (const [method, { operationId, responses }] of Object.entries(methods)) {
        const card = page.locator(`article#${operationId}`)
        expect(await card.locator('h3').textContent()).toBe(`${method.toUpperCase()} ${path}`)
        expect(await card.locator('.response .status').allTextContents()).toEqual(Object.keys(responses))
      }
    }
    const post = page.locator('#postMessage')
    expect(await post.locator('.fields dt').allTextContents()).toEqual(
      expect.arrayContaining(['Idempotency-Key', 'content', 'sender', 'timestamp', 'message_id', 'Location']),
    )
    expect(await post.locator('.command pre').textContent()).toContain(`${url}messages`)
    expect(problems).toEqual([])
  })

  it('shows every frame of the live channel with its direction and fields', async () => {
    const { components } = (await (await fetch(new URL('/asyncapi.json', url))).json()) as AsyncApi
    const { page, problems } = await browser.open(`${url}api.html`)
    await page.locator('#main:not([aria-busy])').waitFor()

    expect(Object.keys(components.messages).length).toBeGreaterThan(5)
    for (const [name, { summary }] of Object.entries(components.messages)) {
      const card = page.locator(`article#frame-${name}`)
      const sender = name === 'hello' ? 'Client' : 'Server'
      expect(await card.locator('h3').textContent()).toBe(`${sender} sends ${name}`)
      expect(await card.locator('.operation-summary').textContent()).toBe(summary)
      expect(await card.locator('.fields dt').allTextContents()).toEqual(
        expect.arrayContaining(Object.keys(components.schemas[name]?.properties ?? {})),
      )
    }
    expect(await page.locator('#frame-messages .fields dt').allTextContents()).toContain(
      'messages.sync.state',
    )
    const channel = page.getByRole('region', { name: 'The live channel' })
    expect(await channel.getByRole('listitem').allTextContents()).toContain('4401: unauthenticated')
    await page
      .getByRole('navigation', { name: 'Endpoints' })
      .getByRole('link', { name: 'Client hello' })
      .click()
    const top = () => page.locator('#frame-hello').evaluate((card) => card.getBoundingClientRect().top)
    expect(await top()).toBeLessThan(200)
    expect(problems).toEqual([])
  })

  it('can be used with the keyboard alone, down to the examples of a response', async () => {
    const { page } = await browser.open(`${url}api.html`)
    await page.locator('#main:not([aria-busy])').waitFor()
    await page.keyboard.press('Tab')
    expect(await page.locator('.skip-link').evaluate((link) => link === document.activeElement)).toBe(true)

    await page
      .getByRole('navigation', { name: 'Endpoints' })
      .getByRole('link', { name: 'POST /sync' })
      .focus()
    await page.keyboard.press('Enter')
    await page.locator('#synchronize h3').waitFor()
    const top = () => page.locator('#synchronize').evaluate((card) => card.getBoundingClientRect().top)
    expect(await top()).toBeLessThan(200)

    const response = page.locator('#postMessage .response', { hasText: '422' })
    expect(await response.getByText('too_long').isVisible()).toBe(false)
    await response.locator('summary').focus()
    await page.keyboard.press('Enter')
    await response.getByText('too_long').waitFor()
  })

  it('has one main landmark, headings in order and no horizontal scrolling on a phone', async () => {
    const { page } = await browser.open(`${url}api.html`)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.locator('#main:not([aria-busy])').waitFor()
    expect(await page.getByRole('main').count()).toBe(1)
    const levels = await page
      .locator('h1, h2, h3, h4, h5')
      .evaluateAll((headings) => headings.map(({ tagName }) => Number(tagName[1])))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level, index) => level - (levels[index - 1] ?? 0) > 1)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
  })

  it('opens at the endpoint in its address and reports a missing description', async () => {
    const { page } = await browser.open(`${url}api.html#readMetrics`)
    await page.locator('#readMetrics').waitFor()
    expect(await page.evaluate(() => scrollY)).toBeGreaterThan(1000)

    await page.route('**/openapi.json', (route) => route.fulfill({ status: 503, body: '' }))
    await page.reload()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('The server responded with 503')
  })
})
