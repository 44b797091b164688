import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { openAccountServer, outcomeOf, PASSWORD } from '../testing/servers/open-account-server.js'

let server: Awaited<ReturnType<typeof openAccountServer>>
let file: Awaited<ReturnType<typeof openTokensFile>>
let tokens: { member: string; bridge: string; file: string }
beforeAll(async () => {
  file = await openTokensFile()
  server = await openAccountServer({ tokens: file.tokens, monotonic: () => 0, trustedProxies: ['127.0.0.1'] })
  await server.addPerson('alice')
  const bridge = await server.addService('bridge', { sender: '*' })
  tokens = { member: await server.addPerson('mallory'), bridge, file: file.add(['write']) }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await file[Symbol.asyncDispose]()
})

/** Names that people could take for `alice`. */
const FORGERIES: readonly [how: string, sender: string][] = [
  ['itself', 'alice'],
  ['in capitals', 'ALICE'],
  ['with one capital', 'aLice'],
  ['with a capital I for the l', 'aIice'],
  ['with a digit for the l', 'a1ice'],
  ['with a Cyrillic а', 'аlice'],
  ['with a Cyrillic і and е', 'alісе'],
  ['with a Greek α', 'αlice'],
  ['in full width (NFKC)', 'ａｌｉｃｅ'],
  ['in mathematical letters (NFKC)', '𝐚𝐥𝐢𝐜𝐞'],
  ['in circled letters (NFKC)', 'ⓐⓛⓘⓒⓔ'],
  ['with a dotless ı', 'alıce'],
  ['with an accent', 'álice'],
  ['with a combining mark', 'a\u0301lice'],
  ['with a zero-width space', 'ali\u200bce'],
  ['with a zero-width joiner', 'alice\u200d'],
  ['with a soft hyphen', 'ali\u00adce'],
  ['with a space after it', 'alice '],
  ['with a no-break space before it', '\u00a0alice'],
  ['with a blank Braille pattern', 'alice\u2800'],
  ['with a variation selector', 'alice\ufe0f'],
  ['with a Hangul filler', 'alice\u3164'],
  ['with a Roman numeral', 'al\u2170ce'],
]

describe('posting as someone else', () => {
  // Covers IN-90
  it.each(FORGERIES)('fails for a person, %s', async (_, sender) => {
    const response = await server.as(tokens.member).post({ content: crypto.randomUUID(), sender })
    expect(response.status === 403 || response.status === 422).toBe(true)
  })

  it.each(FORGERIES)('fails for a service that may use any name, %s', async (_, sender) => {
    const response = await server.as(tokens.bridge).post({ content: crypto.randomUUID(), sender })
    expect(['403 sender_reserved', '422 invalid_characters']).toContain(outcomeOf(response))
  })

  it.each(FORGERIES)('fails for a token of the tokens file, %s', async (_, sender) => {
    const response = await server.as(tokens.file).post({ content: crypto.randomUUID(), sender })
    expect(['403 sender_reserved', '422 invalid_characters']).toContain(outcomeOf(response))
  })

  it('fails with direction controls, which turn a name around', async () => {
    for (const sender of ['\u202eecila', 'alice\u202c', '\u2066alice\u2069', '\u200falice']) {
      const response = await server.as(tokens.bridge).post({ content: 'a', sender })
      expect(['403 sender_reserved', '422 invalid_characters']).toContain(outcomeOf(response))
    }
  })

  it('fails with two senders in one body', async () => {
    const response = await server.request('/messages', {
      method: 'POST',
      body: '{"content":"a","sender":"mallory","sender":"alice"}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.member}` },
    })
    expect(outcomeOf(response)).toBe('400 duplicate_key')
  })

  it('fails with an escaped sender, which is the same name', async () => {
    const response = await server.request('/messages', {
      method: 'POST',
      body: String.raw`{"content":"a","s\u0065nder":"\u0061lice"}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.bridge}` },
    })
    expect(outcomeOf(response)).toBe('403 sender_reserved')
  })

  it('fails by editing the sender of an own message', async () => {
    const member = server.as(tokens.member)
    const { message_id: id } = (await member.post({ content: 'mine' })).json
    for (const field of ['sender', 'updated_by', 'created_at', 'uid', 'id']) {
      const response = await member.send('PATCH', `/messages/${id}`, { content: 'b', [field]: 'alice' })
      expect(outcomeOf(response)).toBe('422 unknown_field')
    }
  })

  it('fails for reactions, which count by sender', async () => {
    const member = server.as(tokens.member)
    const { message_id: id } = (await member.post({ content: 'react to this' })).json
    const reaction = { content: '👍', format: 'reaction', reply_to: id }
    expect(outcomeOf(await member.post({ ...reaction, sender: 'alice' }))).toBe('403 sender_not_allowed')
    await member.post(reaction)
    await member.post(reaction)
    expect((await member.get(`/messages/${id}`)).json.reactions).toEqual({ '👍': ['mallory'] })
  })

  it('fails through a pattern of a service that ends before the name', async () => {
    const irc = server.as(await server.addService('irc', { sender: 'irc/*' }))
    for (const sender of ['irc', 'irc/../alice', 'IRC/alice', ' irc/alice', 'irc\\alice', 'alice', 'irc/*']) {
      const { status, json } = await irc.post({ content: crypto.randomUUID(), sender })
      // The handle itself, and what begins as the pattern does, are its own names.
      const isOwn = sender === 'irc' || sender.startsWith('irc/')
      expect([sender, isOwn ? status : json.error.code]).toEqual([sender, isOwn ? 201 : 'sender_not_allowed'])
    }
  })
})

describe('an account that looks like another', () => {
  // Covers IN-88
  it.each(['alice', 'a1ice', 'ALICE', 'аlice'])('cannot be made by joining: %s', async (handle) => {
    const { secret: link } = await server.accounts.links.invite({ actor: 'setup' })
    const response = await server.as(null).send('POST', '/join', { link, handle, password: PASSWORD })
    expect(['409 handle_taken', '422 invalid_characters']).toContain(outcomeOf(response))
  })
})
