import { type AddressInfo, createServer } from 'node:net'
import { openFakeProvider } from '@gitmsg/test-provider'
import { describe, expect, it } from 'vitest'
import { startFlow } from './flow.js'
import { createProvider } from './provider.js'

const REDIRECT_URI = 'http://127.0.0.1/auth/oidc/callback'

describe('a provider', () => {
  // Covers IN-97
  it('that accepts connections and never responds is unavailable after a time', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const config = { issuer, clientId: 'a', clientSecret: undefined }
    const provider = createProvider(config, { monotonic: () => 0, timeoutSeconds: 0.2 })
    await expect(provider.authorizationUrl(startFlow(0).flow, REDIRECT_URI)).rejects.toMatchObject({
      ...{ name: 'ProviderError', code: 'unavailable', message: expect.stringContaining('OAUTH_TIMEOUT') },
    })
    server.close()
  })

  it('is asked again for its description after an hour, and once for all who come at the same time', async () => {
    await using fake = await openFakeProvider()
    let now = 0
    const provider = createProvider(fake.config, { monotonic: () => now })
    const start = () => provider.authorizationUrl(startFlow(0).flow, REDIRECT_URI)
    await Promise.all([start(), start(), start()])
    now = 3_599_999
    await start()
    expect(fake.requests).toHaveLength(1)
    now = 3_600_000
    await start()
    expect(fake.requests).toHaveLength(2)
  })
})
