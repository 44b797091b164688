import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, openBrowser, type TestBrowser } from '../testing/browser.js'
import { createClient } from '../testing/client.js'
import { NAUGHTY_STRINGS } from '../testing/naughty-strings.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const chromium = findChromium()

const BLOCKS = 'blockquote h3 h4 h5 h6 li p pre td th'.split(' ')
const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    'br code em hr s span strong table tbody thead tr ul'.split(' ').map((tag) => [tag, []]),
  ),
  ...Object.fromEntries(BLOCKS.map((tag) => [tag, ['dir']])),
  a: ['href', 'rel', 'target', 'title'],
  ol: ['start'],
}

const SCRIPT = 'alert(document.domain)'
const TARGETS = [
  `javascript:${SCRIPT}`,
  `JavaScript:${SCRIPT}`,
  `java&#115;cript:${SCRIPT}`,
  `&#x6a;avascript:${SCRIPT}`,
  `\u0001javascript:${SCRIPT}`,
  `data:text/html,<script>${SCRIPT}</script>`,
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  'vbscript:msgbox',
  'file:///etc/passwd',
  `view-source:javascript:${SCRIPT}`,
  '//evil.example/x.js',
  'openapi.json',
]
const HOSTILE = [
  ...TARGETS.flatMap((target) => [
    `[link](${target}) ![image](${target}) <${target}> [![both](${target})](${target})`,
    `[reference]\n\n[reference]: ${target} "title"`,
  ]),
  `<script>${SCRIPT}</script>`,
  `<img src=x onerror=${SCRIPT}>`,
  `<svg onload=${SCRIPT}><style>*{display:none}</style>`,
  `<iframe srcdoc="<script>parent.${SCRIPT}</script>"></iframe>`,
  `[x](https://a.example/"onmouseover="${SCRIPT})`,
  `[x](https://a.example 'a" onclick="${SCRIPT}')`,
  `\`\`\`"><script>${SCRIPT}</script>\n<b>\n\`\`\``,
  `|<img src=x onerror=${SCRIPT}>|\n|:-:|\n|[a](javascript:${SCRIPT})|`,
  `${'> '.repeat(2000)}deep`,
  '- '.repeat(2000),
  '['.repeat(32_768),
  '![](https://a.example/pixel.png)'.repeat(500),
  `${'*a **b '.repeat(2000)}`,
]

describe.skipIf(chromium === null)('Markdown in the web tester, under its content security policy', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser(chromium ?? '')
  })
  afterAll(() => browser?.[Symbol.asyncDispose]())

  /** Posts the texts as Markdown, and opens a page that shows all of them. */
  async function openTester(texts: readonly string[]) {
    const workspace = await openWorkspace()
    const { url } = await workspace.start()
    const client = createClient(url)
    let posted = 0
    for (const content of texts) {
      const body = JSON.stringify({ content, sender: 'mallory', format: 'markdown' })
      const headers = { 'Content-Type': 'application/json' }
      if ((await client.call('/messages', { method: 'POST', headers, body })).status === 201) posted += 1
    }
    const { page, problems } = await browser.open(url)
    const requests: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    await page.fill('#limit', '1000')
    await page.locator('#retrieve-form').evaluate((form: HTMLFormElement) => form.requestSubmit())
    await until(async () => (await page.locator('#messages > li').count()) === posted)
    return {
      ...{ url, page, problems, requests, posted },
      /** Every element in a message, with its attributes. */
      elements: () =>
        page.locator('#messages .markdown *').evaluateAll((all) =>
          all.map((element) => ({
            tag: element.localName,
            attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
          })),
        ),
      async [Symbol.asyncDispose]() {
        await page.close()
        await workspace[Symbol.asyncDispose]()
      },
    }
  }

  type Tester = Awaited<ReturnType<typeof openTester>>

  async function expectHarmless({ url, problems, requests, elements }: Tester): Promise<void> {
    const found = await elements()
    expect(found.length).toBeGreaterThan(50)
    for (const { tag, attributes } of found) {
      expect(Object.keys(ALLOWED_ATTRIBUTES)).toContain(tag)
      expect(ALLOWED_ATTRIBUTES[tag]).toEqual(expect.arrayContaining(Object.keys(attributes)))
      if (tag !== 'a') continue
      expect(attributes).toMatchObject({ rel: 'noopener noreferrer nofollow', target: '_blank' })
      expect(attributes.href).toMatch(/^(https?:\/\/|mailto:)/)
    }
    expect(requests.filter((request) => !request.startsWith(url))).toEqual([])
    expect(problems).toEqual([])
  }

  // Covers IN-33, V1.2.1, V1.3.5, V3.2.2
  it('never becomes anything but harmless elements, whatever is posted', async () => {
    await using tester = await openTester(HOSTILE)
    expect(tester.posted).toBe(HOSTILE.length)
    for (const button of await tester.page.locator('#messages .show-all:visible').all()) await button.click()
    await expectHarmless(tester)
    expect(await tester.page.locator('#messages').textContent()).toContain(`<script>${SCRIPT}</script>`)
  })

  it('never becomes anything but harmless elements, whatever strings are posted', async () => {
    await using tester = await openTester([...NAUGHTY_STRINGS, '1. one\n2. two\n'.repeat(50)])
    expect(tester.posted).toBeGreaterThan(200)
    await expectHarmless(tester)
  })

  it('is shown as a preview, as a message, and as its source', async () => {
    await using tester = await openTester(['# Title\n\n**bold** and [a link](https://a.example/)'])
    const { page, problems } = tester
    await page.locator('#messages .markdown strong').waitFor()
    const link = page.locator('#messages .markdown a')
    expect(await link.getAttribute('href')).toBe('https://a.example/')
    await page.click('#messages [data-part="source"]')
    expect(await page.locator('#messages [data-part="content"]').textContent()).toContain('**bold**')

    await page.selectOption('#format', 'markdown')
    await page.fill('#content', '- ~~one~~\n- two')
    await page.locator('#preview s').waitFor()
    await page.fill('#sender', 'alice')
    await page.focus('#content')
    await page.keyboard.press('Control+Enter')
    await page.locator('#messages li[data-id="2"] .markdown s').waitFor()
    expect(await page.locator('#request-body').textContent()).toContain('"format": "markdown"')
    expect(problems).toEqual([])
  })
})
