import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createEnvironmentReader, SETTINGS, unknownSettings } from './environment-reader.js'

const read = (document: string) => readFileSync(new URL(`../../../../${document}`, import.meta.url), 'utf8')

// Covers IN-73
it('unknownSettings() lists variables named GITMSG_... that are not settings, sorted', () => {
  const environment = { GITMSG_REMTOE: 'x', GITMSG_BRANCH: 'main', PATH: '/bin', GITMSG_BRACH: 'main' }
  expect(unknownSettings(environment)).toEqual(['GITMSG_BRACH', 'GITMSG_REMTOE'])
})

it('SETTINGS has no setting that the README lacks', () => {
  const text = read('README.md')
  expect(SETTINGS.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})

it('SETTINGS and .env.example have the same variables', () => {
  const names = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)
  expect(names.toSorted()).toEqual(SETTINGS.toSorted())
})

describe('createEnvironmentReader()', () => {
  it('reads settings, and falls back for absent and empty ones', () => {
    const reader = createEnvironmentReader({ HOST: 'a', PORT: '', GITMSG_FETCH_INTERVAL: '60' })
    expect(reader.text('HOST')).toBe('a')
    expect(reader.text('PORT')).toBeUndefined()
    expect(reader.nonEmpty('GITHUB_TOKEN')).toBeUndefined()
    expect(reader.integer('GITMSG_FETCH_INTERVAL', { default: 30, min: 0, max: 60 })).toBe(60)
    expect(reader.integer('PORT', { default: 3000, min: 0, max: 1 })).toBe(3000)
    expect(reader.oneOf('LOG_LEVEL', ['info', 'debug'], 'info')).toBe('info')
    expect(reader.problems).toEqual([])
  })

  it('collects a problem for each setting that is not valid, and goes on with the fallback', () => {
    const reader = createEnvironmentReader({ PORT: '1.5', GITHUB_TOKEN: ' ', LOG_LEVEL: 'loud' })
    expect(reader.integer('PORT', { default: 3000, min: 0, max: 65_535 })).toBe(3000)
    expect(reader.nonEmpty('GITHUB_TOKEN')).toBeUndefined()
    expect(reader.oneOf('LOG_LEVEL', ['info', 'debug'], 'info')).toBe('info')
    reader.check('GITMSG_BRANCH', () => {
      throw new Error('the branch is not valid')
    })
    reader.check('GITMSG_REMOTE', () => {})
    expect(reader.problems).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'GITHUB_TOKEN is empty: set it to a value, or remove it',
      'LOG_LEVEL must be one of info, debug',
      'GITMSG_BRANCH: the branch is not valid',
    ])
  })
})
