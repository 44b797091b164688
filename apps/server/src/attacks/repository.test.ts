import { createHash } from 'node:crypto'
import { SECRET_PATTERN } from '@gitmsg/accounts'
import { openFakeProvider } from '@gitmsg/test-provider'
import { expect, it } from 'vitest'
import { openBrowser, secretOf } from '../testing/oidc/open-browser.js'
import { PASSWORD } from '../testing/servers/open-account-server.js'
import { openGitServer } from '../testing/servers/open-git-server.js'

// Covers V14.2.4
it('the repository has nothing of accounts but handles', async () => {
  await using provider = await openFakeProvider()
  provider.behavior.claims = { sub: 'subject-of-grace', email: 'grace@example.org' }
  await using server = await openGitServer({ accountsConfig: { hold: 'newcomers', oidc: provider.config } })
  const secrets: string[] = [PASSWORD, provider.issuer, 'subject-of-grace', 'grace@example.org', '127.0.0.1']

  const session = await server.addPerson('ada', 'admin')
  const ada = server.as(session)
  const invited = (await ada.send('POST', '/invitations', { role: 'moderator' })).json.link.split('#')[1]
  const identity = secretOf(await openBrowser(server.request).signIn())
  const joined = await server.as(null).send('POST', '/join', { link: invited, handle: 'grace', identity })
  const access = (await ada.send('POST', '/tokens', { name: 'token-of-ada', scopes: ['read', 'write'] })).json
    .token
  const service = (await ada.send('POST', '/accounts', { handle: 'bot', kind: 'service' })).json.handle
  const bot = await server.addToken(service, ['read', 'write'], 'pattern/*')
  secrets.push(session, invited, identity, joined.json.token, access, bot, 'token-of-ada', 'pattern/*')

  const grace = server.as(joined.json.token)
  const eve = server.as(await server.addPerson('eve'))
  await server.as(access).post({ content: 'From a token' })
  await server.as(bot).post({ content: 'From a service' })
  const { message_id: id } = (
    await grace.post({ content: 'From a provider' }, { 'idempotency-key': 'key-1' })
  ).json
  await grace.send('PATCH', `/messages/${id}`, { content: 'Edited' })
  await ada.delete(`/messages/${id}`)
  await eve.post({ content: 'Approved later' })
  await ada.send('POST', '/moderation/1/approve')
  await eve.post({ content: 'held-and-rejected' })
  await ada.send('POST', '/moderation/2/reject')
  await eve.post({ content: 'held-and-waiting' })
  await eve.send('POST', '/messages/1/report', { reason: 'reason-of-report' })
  await ada.send('PATCH', '/accounts/eve', { disabled: true })
  secrets.push('held-and-rejected', 'held-and-waiting', 'reason-of-report', 'key-1', 'newcomer')

  const everything = await server.readRepository()
  const published = ['From a token', 'From a service', 'Approved later', 'ada', 'grace', 'eve']
  expect(published.filter((text) => !everything.includes(text))).toEqual([])
  const digests = secrets.map((secret) => createHash('sha256').update(secret).digest('hex'))
  const encoded = secrets.map((secret) => Buffer.from(secret).toString('base64'))
  const leaked = [...secrets, ...digests, ...encoded].filter((text) => everything.includes(text))
  expect(leaked).toEqual([])
  const patterns = [SECRET_PATTERN, /argon2/, /password/, /moderator/, /disabled/, /"role"/, /"scopes"/]
  expect(patterns.filter((pattern) => pattern.test(everything))).toEqual([])
})
