import { expect, it } from 'vitest'
import { curlCommand, shellWord } from './curl-command.js'

it.each([
  ['http://localhost:3000/messages', 'http://localhost:3000/messages'],
  ["it's", `'it'\\''s'`],
  ['"double" $(id) `id` $HOME \\', `'"double" $(id) \`id\` $HOME \\'`],
  ['two\nlines', "'two\nlines'"],
  ['', "''"],
  ['😀', "'😀'"],
])('quotes text for a shell: %j', (text, word) => expect(shellWord(text)).toBe(word))

it('curlCommand() includes the headers and the body', () => {
  const request = {
    method: 'POST',
    url: 'http://localhost:3000/messages',
    target: '/messages',
    headers: [['Content-Type', 'application/json']] as const,
    body: `{"content":"it's"}`,
  }
  expect(curlCommand(request)).toBe(
    [
      'curl --include http://localhost:3000/messages \\',
      `  --header 'Content-Type: application/json' \\`,
      `  --data-raw '{"content":"it'\\''s"}'`,
    ].join('\n'),
  )
})

it('curlCommand() names the method only if curl would choose another', () => {
  const request = { url: 'http://localhost/sync', target: '/sync', headers: [], body: null }
  expect(curlCommand({ ...request, method: 'GET' })).toBe('curl --include http://localhost/sync')
  expect(curlCommand({ ...request, method: 'POST' })).toContain('--request POST')
  expect(curlCommand({ ...request, method: 'POST', body: '{}' })).not.toContain('--request')
  expect(curlCommand({ ...request, method: 'PATCH', body: '{}' })).toContain('--request PATCH')
})

it('curlCommand() quotes a URL with several parameters', () => {
  const request = { method: 'GET', target: '', headers: [], body: null }
  expect(curlCommand({ ...request, url: 'http://localhost/messages?limit=2&sender=a' })).toContain(
    "'http://localhost/messages?limit=2&sender=a'",
  )
})
