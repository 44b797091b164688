import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../logger.js'
import { createOctokitLog, createSanitizer } from './octokit.js'

const TOKEN = 'a-token-of-no-known-form'

describe('createSanitizer', () => {
  it('removes the token, whatever looks like one, and control characters, and cuts the text', () => {
    const sanitize = createSanitizer(TOKEN)
    expect(sanitize(`a ${TOKEN} b`)).toBe('a [redacted] b')
    expect(sanitize('a ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 b')).toBe('a [redacted] b')
    expect(sanitize('a\r\n\u009b31mb')).toBe('a 31mb')
    expect(sanitize('x'.repeat(1000))).toHaveLength(500)
  })
})

describe('createOctokitLog', () => {
  it('logs warnings, sanitized, and nothing else', () => {
    const lines: unknown[] = []
    const logger = { ...silentLogger, debug: (details: object) => void lines.push(details) }
    const log = createOctokitLog(logger, createSanitizer(TOKEN))
    log.error()
    log.info()
    log.debug()
    log.warn(`deprecated: ${TOKEN}`)
    expect(lines).toEqual([{ text: 'deprecated: [redacted]' }])
  })
})
