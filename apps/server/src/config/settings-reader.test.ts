import { describe, expect, it } from 'vitest'
import type { Source } from './read-settings.js'
import type { Setting } from './settings/settings.js'
import { createSettingsReader } from './settings-reader.js'

/** Creates a reader of variables, some of them from line 3 of a file instead. */
function readerOf(variables: Partial<Record<Setting, string>>, inFile: readonly Setting[] = []) {
  const values = new Map(Object.entries(variables) as [Setting, string][])
  const sources = new Map<Setting, Source>(inFile.map((name) => [name, { path: 'gitmsg.json', line: 3 }]))
  return createSettingsReader({ values, sources, problems: [] })
}

describe('createSettingsReader()', () => {
  it('reads settings, and falls back for absent and empty ones', () => {
    const reader = readerOf({ HOST: 'a', PORT: '', GITMSG_FETCH_INTERVAL: '60', GITMSG_DENY: ' a,,b ' })
    expect(reader.text('HOST')).toBe('a')
    expect(reader.text('GITMSG_BRANCH')).toBe('main')
    expect(reader.text('GITMSG_REMOTE')).toBeUndefined()
    expect(reader.nonEmpty('GITHUB_TOKEN')).toBeUndefined()
    expect(reader.integer('GITMSG_FETCH_INTERVAL')).toBe(60)
    expect(reader.integer('PORT')).toBe(3000)
    expect(reader.choice('LOG_LEVEL')).toBe('info')
    expect(reader.choice('GITMSG_BACKEND')).toBeUndefined()
    expect(reader.list('GITMSG_DENY')).toEqual(['a', 'b'])
    expect([reader.isSet('HOST'), reader.isSet('PORT'), reader.isSet('GITMSG_BRANCH')]).toEqual([
      ...[true, false, false],
    ])
    expect(reader.problems).toEqual([])
  })

  it('collects a problem for each setting that is not valid, and goes on with the fallback', () => {
    const reader = readerOf({ PORT: '1.5', GITHUB_TOKEN: ' ', LOG_LEVEL: 'loud' })
    expect(reader.integer('PORT')).toBe(3000)
    expect(reader.nonEmpty('GITHUB_TOKEN')).toBeUndefined()
    expect(reader.choice('LOG_LEVEL')).toBe('info')
    reader.check('GITMSG_BRANCH', () => {
      throw new Error('the branch is not valid')
    })
    reader.check('GITMSG_REMOTE', () => {})
    expect(reader.problems).toEqual([
      'PORT must be a whole number from 0 to 65535',
      'GITHUB_TOKEN is empty: set it to a value, or remove it',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'GITMSG_BRANCH: the branch is not valid',
    ])
  })

  it('names the place of a problem in the settings file', () => {
    const reader = readerOf({ PORT: '70000', LOG_LEVEL: 'loud' }, ['PORT'])
    reader.integer('PORT')
    reader.choice('LOG_LEVEL')
    expect(reader.problems).toEqual([
      'gitmsg.json:3: PORT must be a whole number from 0 to 65535',
      expect.stringMatching(/^LOG_LEVEL must be/),
    ])
  })
})
