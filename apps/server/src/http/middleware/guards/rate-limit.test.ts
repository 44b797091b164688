import { expect, it } from 'vitest'
import { openTestServer } from '../../../testing/open-test-server.js'
import { openTokensFile } from '../../../testing/open-tokens-file.js'

const limit = { requests: 3, seconds: 60 }

// Covers IN-56, V2.4.1
it('tells everybody what is left, and those who ask too often when to come back', async () => {
  await using server = await openTestServer({ rateLimit: limit })
  const answers = []
  for (let number = 0; number < 5; number += 1) answers.push(await server.call('/messages'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
  expect(answers.map(({ headers }) => headers.ratelimit)).toEqual([
    '"default";r=2;t=60',
    '"default";r=1;t=60',
    '"default";r=0;t=60',
    '"default";r=0;t=60',
    '"default";r=0;t=60',
  ])
  expect(answers[4]?.headers).toMatchObject({ 'ratelimit-policy': '"default";q=3;w=60', 'retry-after': '60' })
  expect(answers[4]?.json.error.code).toBe('rate_limited')
})

it('counts each token apart, and those without one together, also when they guess', async () => {
  await using file = await openTokensFile()
  await using server = await openTestServer({ rateLimit: limit, tokens: file.tokens })
  const secrets = ['one', 'two'].map((name) => file.add(['read'], { name }))
  const ask = async (secret: string) =>
    (await server.call('/messages', { headers: { authorization: `Bearer ${secret}` } })).status
  for (let number = 0; number < 3; number += 1) expect(await ask(`guess-${number}`)).toBe(401)
  expect(await ask('guess')).toBe(429)
  for (const secret of secrets) {
    for (let number = 0; number < 3; number += 1) expect(await ask(secret)).toBe(200)
    expect(await ask(secret)).toBe(429)
  }
})

it('is off unless it is set', async () => {
  await using server = await openTestServer()
  const answers = await Promise.all(Array.from({ length: 200 }, () => server.call('/healthz')))
  expect(answers.every(({ status, headers }) => status === 200 && headers.ratelimit === undefined)).toBe(true)
})
