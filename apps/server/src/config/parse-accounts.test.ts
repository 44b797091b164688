import * as files from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './parse-config.js'
import type { Environment } from './server-config.js'

const parse = (environment: Environment) => parseConfig({ GITMSG_ACCOUNTS: 'on', ...environment }, files)

describe('the settings of accounts', () => {
  it('have safe defaults', () => {
    const { accounts, access } = parse({})
    expect(accounts).toEqual({
      ...{ isPublic: false, isOpen: false, hold: 'none', slowMode: new Map(), dailyPosts: 0 },
      ...{ publicUrl: null, oidc: null },
    })
    expect(access.rateLimit).toEqual({ requests: 60, seconds: 1 })
    expect(parse({ GITMSG_RATE_LIMIT: 'off' }).access.rateLimit).toBeNull()
  })

  it('make it possible to listen on any address without a tokens file', () => {
    expect(parse({ HOST: '0.0.0.0' }).host).toBe('0.0.0.0')
  })

  it('are read', () => {
    const { accounts, access, secrets } = parse({
      GITMSG_PUBLIC_READ: 'on',
      GITMSG_REGISTRATION: 'on',
      GITMSG_HOLD: 'newcomers',
      GITMSG_SLOW_MODE: 'a=b=60, *=5',
      GITMSG_DAILY_POSTS: '200',
      GITMSG_PUBLIC_URL: 'https://chat.example.org/forum',
      GITMSG_OIDC_ISSUER: 'https://id.example.org',
      GITMSG_OIDC_CLIENT_ID: 'gitmsg',
      GITMSG_OIDC_CLIENT_SECRET: 'hunter2',
      GITMSG_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      GITMSG_DENY: '192.0.2.1',
    })
    expect(accounts).toEqual({
      ...{ isPublic: true, isOpen: true, hold: 'newcomers', dailyPosts: 200 },
      publicUrl: 'https://chat.example.org/forum/',
      slowMode: new Map([
        ['a=b', 60],
        ['*', 5],
      ]),
      oidc: { issuer: 'https://id.example.org', clientId: 'gitmsg', clientSecret: 'hunter2' },
    })
    expect([access.trustedProxies, access.denied]).toEqual([['10.0.0.0/8', '::1'], ['192.0.2.1']])
    expect(secrets).toContain('hunter2')
  })

  // Covers IN-73
  it.each<[Environment, RegExp]>([
    [{ GITMSG_ACCOUNTS: 'yes' }, /^- GITMSG_ACCOUNTS must be one of off, on$/],
    [{ GITMSG_ACCOUNTS: '', GITMSG_HOLD: 'all' }, /^- GITMSG_HOLD needs GITMSG_ACCOUNTS=on/],
    [{ GITMSG_ACCOUNTS: 'off', GITMSG_DAILY_POSTS: '5' }, /^- GITMSG_DAILY_POSTS needs GITMSG_ACCOUNTS=on/],
    [{ GITMSG_ACCOUNTS: '', GITMSG_PUBLIC_READ: 'on' }, /^- GITMSG_PUBLIC_READ needs GITMSG_ACCOUNTS=on/],
    [{ GITMSG_PUBLIC_READ: 'yes' }, /^- GITMSG_PUBLIC_READ must be one of off, on$/],
    [{ GITMSG_HOLD: 'some' }, /^- GITMSG_HOLD must be one of/],
    [{ GITMSG_REGISTRATION: 'maybe' }, /^- GITMSG_REGISTRATION must be one of/],
    [{ GITMSG_SLOW_MODE: 'a' }, /^- GITMSG_SLOW_MODE has an invalid entry, "a": /],
    [{ GITMSG_SLOW_MODE: 'a=5,=5' }, /^- GITMSG_SLOW_MODE has an invalid entry, "=5": /],
    [{ GITMSG_SLOW_MODE: 'a=0' }, /^- GITMSG_SLOW_MODE has/],
    [{ GITMSG_SLOW_MODE: 'a=86401' }, /^- GITMSG_SLOW_MODE has/],
    [{ GITMSG_DAILY_POSTS: '-1' }, /^- GITMSG_DAILY_POSTS must be a whole number/],
    [{ GITMSG_PUBLIC_URL: 'chat.example.org' }, /^- GITMSG_PUBLIC_URL must be/],
    [{ GITMSG_PUBLIC_URL: 'https://u:hunter2@chat.example.org' }, /^- GITMSG_PUBLIC_URL (?!.*hunter2)/],
    [{ GITMSG_OIDC_ISSUER: 'https://id.example.org' }, /^- GITMSG_OIDC_ISSUER and .* must both be set$/],
    [
      { GITMSG_OIDC_ISSUER: 'http://id.example.org', GITMSG_OIDC_CLIENT_ID: 'a' },
      /^- GITMSG_OIDC_ISSUER must be an https/,
    ],
    [
      { GITMSG_TRUSTED_PROXIES: '10.0.0.0/33' },
      /^- GITMSG_TRUSTED_PROXIES: "10.0.0.0\/33" is not an address/,
    ],
    [{ GITMSG_DENY: 'example.org' }, /^- GITMSG_DENY: "example.org" is not an address/],
  ])('are rejected with their names: %j', (environment, problem) => {
    expect(() => parse(environment)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(problem.source, 'm')) }),
    )
  })
})
