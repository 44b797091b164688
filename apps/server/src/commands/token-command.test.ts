import { Command, CommanderError } from 'commander'
import { describe, expect, it, vi } from 'vitest'
import { ConfigError } from '../config/server-config.js'
import type { CommandContext } from './command-context.js'
import { addTokenCommand, describeToken } from './token-command.js'

const plain = (_style: string, text: string) => text

/** Runs `gitmsg token ...` and returns what it printed. */
async function run(words: readonly string[], environment = {}): Promise<string> {
  const printed: string[] = []
  const print = async (text: string) => void printed.push(text)
  const program = new Command('gitmsg').exitOverride().configureOutput({ writeErr: vi.fn() })
  addTokenCommand(program, { environment, print, paint: plain } as unknown as CommandContext)
  await program.parseAsync(['token', ...words], { from: 'user' })
  return printed.join('')
}

describe('describeToken()', () => {
  const token = { name: 'laptop', scopes: ['read', 'write'], created_at: '2025-01-09T00:06:41.000Z' } as const

  it('formats a token in columns', () => {
    expect(describeToken({ ...token, sender: 'alice' }, plain)).toBe(
      'laptop               read,write                2025-01-09T00:06:41.000Z alice\n',
    )
  })

  it('formats a token that may post as any sender', () => {
    expect(describeToken({ ...token, sender: null }, plain)).toMatch(/ any sender\n$/)
  })
})

describe('gitmsg token', () => {
  it.each(['create --scope read', 'list', 'revoke laptop'])(
    'reports that GITMSG_TOKENS_FILE is not set: %s',
    async (words) => {
      for (const environment of [{}, { GITMSG_TOKENS_FILE: ' ' }]) {
        const error = await run(words.split(' '), environment).catch((thrown) => thrown)
        expect(error).toBeInstanceOf(ConfigError)
        expect(error.message).toContain('GITMSG_TOKENS_FILE must be set')
      }
    },
  )

  it.each([
    [['--scope', 'root'], 'Scopes are read, write, moderate, admin.'],
    [['--scope', 'read,root'], 'Scopes are read, write, moderate, admin.'],
    [['--scope', 'read', '--sender', ''], 'A message cannot have this sender.'],
    [['--scope', 'read', '--name', 'a b'], 'A name has 1 to 64 letters'],
  ])('rejects options that are not valid: %j', async (options, message) => {
    const error = await run(['create', ...options]).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(CommanderError)
    expect(error.message).toContain(message)
  })
})
