import { expect, it } from 'vitest'
import { openLog } from '../../testing/open-log.js'
import { openTestServer } from '../../testing/open-test-server.js'
import { openTokensFile } from '../../testing/open-tokens-file.js'

// Covers V16.3.1
it('each completed request is logged at level debug, with the client and its token', async () => {
  const log = openLog('debug')
  await using file = await openTokensFile()
  await using server = await openTestServer({ tokens: file.tokens, logger: log.logger })
  const authorization = `Bearer ${file.add(['read'], { name: 'laptop' })}`
  await server.request('/messages', { headers: { authorization } })
  expect(log.lines()).toContainEqual(
    expect.objectContaining({ msg: 'request completed', status: 200, token: 'laptop', peer: '127.0.0.1' }),
  )
})
