import { expect, it } from 'vitest'
import { maskSecrets } from './mask-secrets.js'

it('maskSecrets() masks passwords, links and tokens, and nothing else', () => {
  const body = {
    ...{ handle: 'ada', password: 'a"b', current_password: 'c', new_password: '', link: 'http://h/#d' },
    ...{ identity: 'e', token: 'f', account: { name: 'token', token: 'g' } },
  }
  expect(JSON.parse(maskSecrets(JSON.stringify(body)))).toEqual({
    ...{ handle: 'ada', password: '•••', current_password: '•••', new_password: '•••', link: '•••' },
    ...{ identity: '•••', token: '•••', account: { name: 'token', token: '•••' } },
  })
})

it.each([null, '', '[ { "content" : "my \\"token\\"" } ]', '{"token":"cut o'])(
  'maskSecrets() leaves a text without such fields, or that is not JSON, alone: %j',
  (body) => expect(maskSecrets(body)).toBe(body),
)
