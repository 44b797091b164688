import { spawnSync } from 'node:child_process'
import { array, assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertBranchName } from './branch-name.js'

const accepts = (name: string): boolean => {
  try {
    assertBranchName(name)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'misconfigured' })
    return false
  }
}

const gitAccepts = (name: string): boolean =>
  spawnSync('git', ['check-ref-format', `refs/heads/${name}`]).status === 0 && !name.startsWith('-')

describe('assertBranchName', () => {
  it.each(['main', 'logs/2025', 'größe', 'a.b', 'a@b', '-'.padStart(2, 'a')])('accepts %j', (name) => {
    expect(accepts(name)).toBe(true)
  })

  // Covers IN-68
  it.each([
    '',
    '@',
    'HEAD',
    '-a',
    'a..b',
    'a.',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a b',
  ])('refuses %j', (name) => expect(accepts(name)).toBe(false))

  it('agrees with git about names of awkward pieces', () => {
    const piece = constantFrom(
      'a',
      '.',
      '/',
      '@',
      '{',
      '..',
      '.lock',
      ' ',
      '~',
      '\\',
      '*',
      '[',
      '-',
      'ü',
      '\u007f',
    )
    assert(
      property(array(piece, { minLength: 2, maxLength: 5 }), (pieces) => {
        const name = pieces.join('')
        expect(accepts(name), JSON.stringify(name)).toBe(gitAccepts(name))
      }),
      { numRuns: 300 },
    )
  })

  // Covers IN-68, V1.2.5
  it('accepts nothing that git refuses', () => {
    const name = string({ minLength: 1, maxLength: 6 }).filter((text) => !text.includes('\0'))
    assert(
      property(name, (text) => !accepts(text) || gitAccepts(text)),
      { numRuns: 200 },
    )
  })
})
