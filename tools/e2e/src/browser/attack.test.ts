import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { openForeignSite } from '../testing/foreign-site.js'
import type { RunningServer } from '../testing/run-server.js'
import { openWorkspace, type Workspace } from '../testing/workspace.js'

const chromium = findChromium()
const CANARY = 'canary that no other site may see'
const BODY = '{"content":"planted","sender":"evil"}'

/** What an attacker gained: everything that a script could read. */
type Loot = string
interface Target {
  readonly url: string
  readonly body: string
}

/** Attacks that run in the attacker's page. */
const ATTACKS: Record<string, (target: Target) => Promise<Loot>> = {
  'reads with fetch': async ({ url }) => (await fetch(`${url}messages`)).text(),
  'reads without CORS': async ({ url }) => (await fetch(`${url}messages`, { mode: 'no-cors' })).text(),
  'reads with a preflight': async ({ url }) =>
    (await fetch(`${url}messages`, { headers: { 'x-a': '1' } })).text(),
  'posts JSON': async ({ url, body }) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}messages`, { method: 'POST', headers, body })).text()
  },
  'posts text without CORS': async ({ url, body }) =>
    (await fetch(`${url}messages`, { method: 'POST', mode: 'no-cors', body })).text(),
  'posts a blob of JSON without CORS': async ({ url, body }) => {
    const blob = new Blob([body], { type: 'application/json' })
    return (await fetch(`${url}messages`, { method: 'POST', mode: 'no-cors', body: blob })).text()
  },
  'sends a beacon': async ({ url, body }) => String(navigator.sendBeacon(`${url}messages`, body)),
  'starts a synchronization': async ({ url }) =>
    (await fetch(`${url}sync`, { method: 'POST', mode: 'no-cors' })).text(),
  'loads messages as an image': ({ url }) =>
    new Promise((resolve) => {
      const image = new Image()
      image.onload = () => resolve(`loaded: ${image.width}`)
      image.onerror = () => resolve('')
      image.src = `${url}messages`
    }),
  'runs messages as a script': ({ url }) =>
    new Promise((resolve) => {
      const script = document.createElement('script')
      script.onload = () => resolve('loaded')
      script.onerror = () => resolve('')
      script.src = `${url}messages`
      document.body.append(script)
    }),
  'reads a frame': ({ url }) =>
    new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.onload = () => resolve(frame.contentDocument?.body.textContent ?? '')
      frame.src = url
      document.body.append(frame)
    }),
  'listens for events': ({ url }) =>
    new Promise((resolve) => {
      const source = new EventSource(`${url}messages`)
      source.onmessage = ({ data }) => resolve(String(data))
      source.onerror = () => {
        source.close()
        resolve('')
      }
    }),
  'opens a WebSocket': ({ url }) =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}messages`)
      socket.onopen = () => resolve('opened')
      socket.onerror = () => resolve('')
    }),
}

const FORMS = ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']

describe.skipIf(chromium === null)("another site's page in a real browser", () => {
  let workspace: Workspace
  let browser: TestBrowser
  let server: RunningServer
  let site: Awaited<ReturnType<typeof openForeignSite>>
  const pages: Page[] = []
  beforeAll(async () => {
    workspace = await openWorkspace()
    server = await workspace.start({ LOG_LEVEL: 'debug' })
    site = await openForeignSite()
    browser = await openBrowser(chromium ?? '', { rules: 'MAP *.example 127.0.0.1' })
    for (const origin of ['evil.example', '127.0.0.1', 'localhost']) {
      pages.push((await browser.open(`http://${origin}:${site.port}/`)).page)
    }
    await createClient(server.url).post(CANARY)
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await site?.[Symbol.asyncDispose]()
    await workspace?.[Symbol.asyncDispose]()
  })

  /** The number of requests rejected because of their origin: an attack that never arrived proves nothing. */
  const rejected = () => server.output().match(/"status":(?:403|421)\b/g)?.length ?? 0
  const port = () => new URL(server.url).port
  const targets = () => [server.url, `http://localhost:${port()}/`]

  async function expectNothingTaken(loot: Loot): Promise<void> {
    expect(loot).not.toContain(CANARY)
    expect(loot).not.toMatch(/loaded|opened/)
    const messages = await createClient(server.url).list()
    expect(messages.map(({ content }) => content)).toEqual([CANARY])
  }
  const run = (page: Page, attack: (target: Target) => Promise<Loot>, url: string): Promise<Loot> =>
    page.evaluate(attack, { url, body: BODY }).catch((error: Error) => error.message)

  // Covers IN-49, IN-61, IN-62, IN-63, IN-64, V3.2.1, V3.4.6, V3.5.1
  it.each(Object.keys(ATTACKS))('gains nothing from an attack: %s', async (name) => {
    const attack = ATTACKS[name] as (target: Target) => Promise<Loot>
    const before = rejected()
    for (const page of pages) {
      for (const url of targets()) await expectNothingTaken(await run(page, attack, url))
    }
    // A preflight gets a 204 without permission, so the browser never sends the request itself.
    if (!/preflight|posts JSON/.test(name)) expect(rejected()).toBeGreaterThan(before)
  })

  // Covers IN-03, V3.5.2
  it.each(FORMS)('posts nothing by submitting a form: %s', async (type) => {
    const before = rejected()
    const { page } = await browser.open(`http://evil.example:${site.port}/`)
    const submit = ({ action, type }: { action: string; type: string }) => {
      const form = document.createElement('form')
      Object.assign(form, { method: 'POST', action, enctype: type })
      const field = document.createElement('input')
      Object.assign(field, { name: '{"content":"planted","sender":"evil","x":"', value: '"}' })
      form.append(field)
      document.body.append(form)
      form.submit()
    }
    const navigation = page.waitForNavigation()
    await page.evaluate(submit, { action: `${server.url}messages`, type })
    await navigation
    await expectNothingTaken(await page.content())
    expect(rejected()).toBeGreaterThan(before)
    await page.close()
  })

  // Covers IN-48
  it('gains nothing by DNS rebinding', async () => {
    const before = rejected()
    const { page } = await browser.open(`http://rebinding.example:${port()}/`)
    const own = page.url()
    for (const name of ['reads with fetch', 'posts JSON', 'reads a frame', 'starts a synchronization']) {
      await expectNothingTaken(await run(page, ATTACKS[name] as (target: Target) => Promise<Loot>, own))
    }
    expect(rejected()).toBeGreaterThanOrEqual(before + 5)
    await page.close()
  })
})
