import { describe, expect, it } from 'vitest'
import { findProxy } from './find-proxy.js'

const API = 'https://api.github.com'
const P = 'http://proxy.example.org:3128'

describe('findProxy()', () => {
  it.each([
    [{ HTTPS_PROXY: P }, P],
    [{ https_proxy: P, HTTPS_PROXY: 'http://other.example.org' }, P],
    [{ ALL_PROXY: P }, P],
    [{ HTTPS_PROXY: 'proxy.example.org:3128' }, P],
    [{ HTTP_PROXY: P, http_proxy: P }, undefined],
    [{ HTTPS_PROXY: '' }, undefined],
    [{}, undefined],
  ])('of https with %j is %s', (environment, proxy) => {
    expect(findProxy(API, environment)?.origin).toBe(proxy)
  })

  it.each([
    [{ http_proxy: P }, P],
    [{ HTTP_PROXY: P }, undefined],
    [{ HTTPS_PROXY: P }, undefined],
  ])('of http with %j is %s', (environment, proxy) => {
    expect(findProxy('http://127.0.0.1:4000', environment)?.origin).toBe(proxy)
  })

  it.each([
    [API, '*', true],
    [API, 'github.com', true],
    [API, '.github.com', true],
    [API, 'example.org, API.GITHUB.COM', true],
    [API, 'example.org api.github.com.', true],
    [API, 'hub.com', false],
    [API, 'api.github.com.evil.example', false],
    [API, '*,example.org', false],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://10.1.2.3', '10.1.2.0/33', false],
    ['https://10.1.2.3', '2.3', false],
    ['https://[fd00::1]', 'fd00::/8', true],
    ['https://[fd00::1]', '[fd00::1]', true],
    ['https://[fd00::1]', '10.0.0.0/8', false],
  ])('of %s with NO_PROXY=%s: %s means none', (url, NO_PROXY, isDirect) => {
    expect(findProxy(url, { HTTPS_PROXY: P, NO_PROXY }) === null).toBe(isDirect)
  })

  it.each(['socks5://u:hunter2@proxy.example.org', 'http://u:hunter2@', 'http://a b'])(
    'rejects a proxy that it cannot use, and does not repeat it: %s',
    (HTTPS_PROXY) => {
      expect(() => findProxy(API, { HTTPS_PROXY })).toThrow(
        expect.objectContaining({ code: 'misconfigured', message: expect.not.stringContaining('hunter2') }),
      )
    },
  )
})
