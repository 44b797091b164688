import { Argument, Command, Option } from 'commander'
import { expect, it } from 'vitest'
import { commandLevels } from './completion-command.js'

it('commandLevels() derives words, their descriptions and values of options from the declarations', () => {
  const program = new Command('gitmsg').helpOption('-h, --help', 'display help').helpCommand(false)
  const token = program.command('token').description('manage tokens').helpCommand(false)
  token
    .command('create')
    .description('create a token')
    .addOption(new Option('--scope <list>', 'the scopes').choices(['read', 'write']))
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash']))

  const help = { word: '--help', description: expect.any(String) }
  expect(commandLevels(program)).toEqual([
    { path: '', candidates: [{ word: 'token', description: 'manage tokens' }, help], values: [] },
    {
      path: '/token',
      candidates: [{ word: 'create', description: 'create a token' }, help],
      values: [],
    },
    {
      path: '/token/create',
      candidates: [
        { word: 'bash', description: 'the shell' },
        { word: '--scope', description: 'the scopes' },
        help,
      ],
      values: [{ option: '--scope', words: ['read', 'write'] }],
    },
  ])
})
