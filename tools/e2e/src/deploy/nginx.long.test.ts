import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { findChromium, openBrowser } from '../testing/browser.js'
import { readDeployFile } from '../testing/deploy/deploy-files.js'
import { openSite } from '../testing/deploy/open-site.js'
import { gitmsg, startScript } from '../testing/gitmsg.js'
import { hasProgram } from '../testing/has-program.js'
import { until } from '../testing/run-server.js'

const hasNginx = hasProgram('nginx')
const chromium = findChromium()
/** Low enough to be reached, high enough for everything else here. */
const RATE_LIMIT = 300

describe.skipIf(!hasNginx)('nginx with examples/deploy/nginx.conf', () => {
  let site: Awaited<ReturnType<typeof openSite>>
  beforeAll(async () => {
    const limit = { GITMSG_RATE_LIMIT: `${RATE_LIMIT}/60s` }
    site = await openSite({ ...limit, GITMSG_ACCOUNTS: 'on', LOG_LEVEL: 'debug' })
  })
  afterAll(() => site?.[Symbol.asyncDispose]())

  function invite() {
    const headers = { ...site.headers, 'Content-Type': 'application/json' }
    return site.https.call('invitations', { method: 'POST', headers, body: '{}' })
  }

  it('is healthy without a token, and ready with one', async () => {
    const { https, headers } = site
    expect((await https.call('healthz')).status).toBe(200)
    expect((await https.call('readyz')).status).toBe(401)
    expect((await https.call('readyz', { headers })).status).toBe(200)
  })

  it('leads plain HTTP, and a path without its slash, to the right address', async () => {
    const { https, plainUrl, url } = site
    const plain = await fetch(`${plainUrl}/chat/?a=b`, { redirect: 'manual' })
    const secure = `${plainUrl.replace('http', 'https')}/chat/?a=b`
    expect([plain.status, plain.headers.get('location')]).toEqual([308, secure])
    const { status, headers } = await https.call('/chat')
    expect([status, headers.location]).toEqual([301, url])
  })

  it('sends responses as the server does, and compresses only files', async () => {
    const { https, post } = site
    const { headers, text, status } = await post({ content: 'through nginx' })
    expect([status, headers.location]).toEqual([201, `messages/${JSON.parse(text).message_id}`])
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    const compressed = { ...site.headers, 'Accept-Encoding': 'gzip' }
    const message = await https.call(`${headers.location}`, { headers: compressed })
    expect([message.headers.etag, message.headers['content-encoding']]).toEqual(['"1"', undefined])
    const script = /assets\/index-[^"]+\.js/.exec((await https.call('')).text)?.[0] ?? ''
    const file = await https.call(script, { headers: compressed })
    expect([file.status, file.headers['content-encoding']]).toEqual([200, 'gzip'])
  })

  it('has links lead to the public address', async () => {
    const { url, folder, settings } = site
    const { status, text } = await invite()
    expect([status, JSON.parse(text).link]).toEqual([201, expect.stringMatching(`^${url}#`)])
    const { stdout } = gitmsg(folder, ['account', 'create', 'ann', '--json'], settings)
    expect(JSON.parse(stdout).link).toMatch(new RegExp(`^${url}#`))
  })

  it.skipIf(chromium === null)('serves the web tester, which follows the live channel', async () => {
    const { certificate, post } = site
    const { link } = JSON.parse((await invite()).text)
    await using browser = await openBrowser(chromium ?? '', { trustedKey: certificate.keyDigest })
    const { page, problems } = await browser.open(link)
    await page.fill('#arrival-handle', 'carol')
    await page.fill('#arrival-password', 'correct horse battery')
    await page.keyboard.press('Enter')
    await page.locator('#connection[data-state="live"]').waitFor()
    await page.fill('#content', 'from the tester')
    await page.click('#send')
    await page.locator('#messages li[data-state="synchronized"]', { hasText: 'from the tester' }).waitFor()
    // Only the channel can tell.
    await page.route('**/messages?*', (route) => route.abort())
    await post({ content: 'told by the channel' })
    await page.locator('#messages').getByText('told by the channel').waitFor()
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([])
  })

  it('carries the live channel as a WebSocket, whose pauses are shorter than its patience', async () => {
    const { certificate, headers, post, url } = site
    const address = `${url.replace('https', 'wss')}live`
    const socket = new WebSocket(address, 'gitmsg.live.v1', { ca: certificate.pem, headers })
    const frames: { type: string; heartbeat_seconds?: number }[] = []
    socket.on('message', (data) => frames.push(JSON.parse(String(data))))
    await once(socket, 'open')
    socket.send('{"type":"hello"}')
    const welcome = await until(() => frames.find(({ type }) => type === 'welcome'))
    await post({ content: 'over the WebSocket' })
    await until(() => JSON.stringify(frames).includes('over the WebSocket'))
    socket.terminate()
    const [, patience] = /proxy_read_timeout (\d+)s;/.exec(readDeployFile('nginx.conf')) ?? []
    expect(Number(patience)).toBeGreaterThan(2 * (welcome.heartbeat_seconds ?? Number.NaN))
  })

  it('carries the live channel as an event stream, without a delay', async () => {
    const headers = { ...site.headers, Accept: 'text/event-stream' }
    const response = await site.https.open('live', { headers })
    expect(response.headers['content-type']).toBe('text/event-stream')
    let events = ''
    response.on('data', (chunk) => {
      events += chunk
    })
    await until(() => events.includes('event: welcome'))
    await site.post({ content: 'in the event stream' })
    await until(() => events.includes('in the event stream'))
    response.destroy()
  })

  it('serves the command line, and follow goes on after the server was away', async () => {
    const { certificate, folder, https, post, url } = site
    const trust = { NODE_EXTRA_CA_CERTS: certificate.path }
    const flags = ['--url', url, '--token-file', 'token', '--json']
    const run = (...words: string[]) => gitmsg(folder, [...words, ...flags], trust)
    using following = startScript(
      folder,
      `gitmsg follow --since 2020-01-01T00:00:00Z ${flags.join(' ')}`,
      trust,
    )
    const hears = (text: string) => until(() => following.output().includes(text), 30_000)
    expect(run('post', '--sender', 'df', 'by command')).toMatchObject({ status: 0, stderr: '' })
    expect(run('list', '--limit', '1').stdout).toContain('"by command"')
    await hears('"by command"')

    await site.stop()
    expect((await https.call('healthz')).status).toBe(502)
    const { status, stderr } = run('list')
    expect([status, stderr]).toEqual([1, expect.stringContaining('502')])
    await site.restart()
    await post({ content: 'after the restart' })
    await hears('"after the restart"')
  })

  it('leaves it to the server to reject what is too large, and tells it who sent that', async () => {
    const from = '127.0.0.2'
    const headers = { ...site.headers, 'Content-Type': 'application/json', 'X-Forwarded-For': '192.0.2.1' }
    const body = JSON.stringify({ content: 'x'.repeat(900_000), sender: 'alice' })
    const large = await site.https.call('messages', { method: 'POST', headers, body, from })
    expect([large.status, JSON.parse(large.text).error.code]).toEqual([413, 'body_too_large'])
    const logged = () =>
      site
        .output()
        .split('\n')
        .filter((line) => line.includes('"status":413'))
    await until(() => logged().length > 0)
    expect(logged()).toEqual([expect.stringContaining(`"peer":"${from}"`)])
    const two = { 'X-One': 'x'.repeat(9_000), 'X-Two': 'x'.repeat(9_000) }
    const long = await site.https.call('healthz', { headers: two, from })
    expect([long.status, JSON.parse(long.text).error.code]).toEqual([431, 'headers_too_large'])
    expect(site.output()).not.toContain('192.0.2.1')
  })

  it('limits the rate of each client, not that of all together', async () => {
    const statuses = new Set<number>()
    for (let sent = 0; sent <= 2 * RATE_LIMIT && !statuses.has(429); sent += 10) {
      const ten = Array.from({ length: 10 }, () => site.https.call('healthz', { from: '127.0.0.3' }))
      for (const { status } of await Promise.all(ten)) statuses.add(status)
    }
    expect([...statuses]).toEqual([200, 429])
    expect((await site.https.call('healthz', { from: '127.0.0.4' })).status).toBe(200)
  })
})
