import { CommanderError } from 'commander'
import { expect, it } from 'vitest'
import { ConfigError } from '../config/server-config.js'
import { EXIT_CODES, exitCodeFor } from './create-program.js'

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
