import { type Command, CommanderError } from 'commander'
import { expect, it } from 'vitest'
import { ConfigError } from '../config/server-config.js'
import { createProgram, EXIT_CODES, exitCodeFor } from './create-program.js'

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
]

/** Runs a command line that must not get as far as reading settings; returns the exit code, and what was printed. */
async function runWords(words: readonly string[]) {
  const stdout: string[] = []
  const stderr: string[] = []
  const program = await createProgram(
    {
      process,
      environment: {},
      readConfig: () => expect.unreachable('it read the settings'),
      print: async (text) => void stdout.push(text),
      paint: (_style, text) => text,
    },
    words,
  )
  for (const command of withSubcommands(program)) {
    command.configureOutput({
      writeOut: (text) => void stdout.push(text),
      writeErr: (text) => void stderr.push(text),
    })
  }
  const status = await program.parseAsync([...words], { from: 'user' }).then(() => 0, exitCodeFor)
  return { status, stdout: stdout.join(''), stderr: stderr.join('') }
}

it.each([
  ['--help'],
  ['serve', '--help'],
  ['post', '--help'],
  ['mcp', '--help'],
  ['status', '--help'],
  ['sync', '--help'],
  ['config', '--help'],
  ['verify', '--help'],
  ['restore', '--help'],
  ['quarantine', '--help'],
  ['quarantine', 'list', '--help'],
  ['quarantine', 'retry', '--help'],
  ['token', '--help'],
  ['token', 'create', '--help'],
  ['token', 'list', '--help'],
  ['token', 'revoke', '--help'],
  ['completion', '--help'],
  ['help', 'verify'],
])('a program prints help: %s', async (...words) => {
  const { status, stdout } = await runWords(words)
  expect(stdout).toMatch(/^Usage: gitmsg/)
  expect(status).toBe(0)
})

// Covers IN-73
it.each([
  [['stauts'], 'status'],
  [['serv'], 'serve'],
  [['quarantine', 'lst'], 'list'],
  [['verify', '--repiar'], '--repair'],
  [['--verison'], '--version'],
])('a program suggests the command or option that was probably meant: %j', async (words, suggestion) => {
  const { status, stderr } = await runWords(words)
  expect(stderr).toMatch(/^error: unknown (command|option) '.+'\n/)
  expect(stderr).toContain(`Did you mean ${suggestion}?`)
  expect(status).toBe(78)
})

// Covers IN-73
it.each([
  [['quarantine'], "missing command for 'quarantine'"],
  [['help', 'stauts'], "unknown command 'stauts'"],
  [['token', 'create'], "required option '--scope <list>' not specified"],
  [['token', 'create', '--scope'], "option '--scope <list>' argument missing"],
  [['token', 'create', '--scope', 'root'], "option '--scope <list>' argument 'root' is invalid."],
  [['token', 'revoke'], "missing required argument 'name'"],
  [['status', 'more'], "too many arguments for 'status'."],
  [['completion'], "missing required argument 'shell'"],
  [['completion', 'tcsh'], "command-argument value 'tcsh' is invalid for argument 'shell'."],
])('a program starts with what is wrong with the command line: %j', async (words, what) => {
  const { status, stdout, stderr } = await runWords(words)
  expect(stderr.split('\n')[0]).toContain(`error: ${what}`)
  expect([status, stdout]).toEqual([78, ''])
})

it.each([
  ['a configuration that is not valid', new ConfigError(['PORT must be a number']), 78],
  ['a command line that is not valid', new CommanderError(1, 'commander.unknownCommand', 'unknown'), 78],
  ['--help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ['any other error', new Error('failed'), 1],
  ['a value that is not an error', 'failed', 1],
])('exitCodeFor() returns a code that --help explains: %s', (_, error, code) => {
  expect(exitCodeFor(error)).toBe(code)
  expect(EXIT_CODES).toHaveProperty(String(code))
})
