import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Client, Live, Outbox } from '@gitmsg/client'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { findChromium, openBrowser } from '../testing/browser.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()
const CLIENT = join(
  dirname(createRequire(import.meta.url).resolve('@gitmsg/client/package.json')),
  'dist/index.js',
)

/** What the page of the test has. */
interface Globals {
  readonly client: Client
  readonly live: Live
  readonly outbox: Outbox
}

const PAGE = `<!doctype html><title>client</title><script type="module">
  import { createClient, createIndexedDbStorage } from '/client.js'
  window.client = createClient({ url: location.origin })
  window.live = client.live()
  window.outbox = client.outbox({ storage: createIndexedDbStorage() })
</script>`

/** Serves a page that uses the built client, from the server's own origin, even without a network. */
async function servePage(context: BrowserContext): Promise<void> {
  // The browser does not know that a page which the test serves is of this machine, as the server is.
  await context.grantPermissions(['local-network-access'])
  await context.route('**/client.html', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }))
  await context.route('**/client.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', path: CLIENT }),
  )
}

const post = (page: Page, contents: readonly string[]) =>
  page.evaluate(async (texts) => {
    const { outbox } = globalThis as unknown as Globals
    for (const content of texts) outbox.post({ content, sender: 'alice' })
    await outbox.saved()
  }, contents)

const waitingIn = (page: Page) =>
  page.evaluate(async () => {
    const { outbox } = globalThis as unknown as Globals
    await outbox.ready
    return outbox.entries.map(({ message }) => message.content)
  })

const shownIn = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as Globals).live.messages.map(({ content }) => content))

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)

describe.skipIf(chromium === null)('the client in a browser', () => {
  it('keeps messages through a reload without a network, and sends each once, in order, when it is back', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    await using browser = await openBrowser(chromium ?? '')
    const { context } = browser
    await servePage(context)
    const { page } = await browser.open(new URL('client.html', server.url).href)
    await post(page, numbers(1, 3))
    await until(async () => (await shownIn(page)).length === 3)

    await context.setOffline(true)
    await post(page, numbers(4, 9))
    await until(async () => (await waitingIn(page)).length === 6)
    await page.reload()
    expect(await waitingIn(page)).toEqual(numbers(4, 9))
    await context.setOffline(false)
    await until(async () => (await waitingIn(page)).length === 0)
    await until(async () => (await shownIn(page)).length === 9)
    expect(await shownIn(page)).toEqual(numbers(1, 9).toReversed())
  })

  it('sends from one of several tabs, shows the same in all, and goes on when the sending one is closed', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start()
    await using browser = await openBrowser(chromium ?? '')
    await servePage(browser.context)
    const url = new URL('client.html', server.url).href
    const tabs = [(await browser.open(url)).page, (await browser.open(url)).page] as const
    const senders = new Set<number>()
    for (const [index, tab] of tabs.entries()) {
      tab.on('request', (request) => {
        if (request.method() === 'POST') senders.add(index)
      })
    }
    for (const tab of tabs) await waitingIn(tab)
    await Promise.all([post(tabs[0], numbers(1, 20)), post(tabs[1], numbers(21, 40))])
    await until(async () => (await shownIn(tabs[1])).length === 40)
    expect(senders.size).toBe(1)
    const [sender = 0] = senders

    const other = tabs[1 - sender] ?? tabs[0]
    await tabs[sender]?.close()
    await post(other, numbers(41, 45))
    await until(async () => (await shownIn(other)).length === 45)
    expect(senders.size).toBe(2)
    const shown = await shownIn(other)
    expect(shown.toSorted()).toEqual(numbers(1, 45).toSorted())
    const listed = await other.evaluate(async () =>
      (await (globalThis as unknown as Globals).client.list()).map(({ content }) => content),
    )
    expect(shown).toEqual(listed)
  })
})
