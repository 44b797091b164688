import { type AddHelpTextContext, Command } from 'commander'
import { VERSION } from '../version.js'
import type { CommandContext } from './command-context.js'
import { addCompletionCommand } from './completion/completion-command.js'
import { EXIT_CODES } from './exit-codes.js'
import { addQuarantineCommand } from './quarantine-command.js'
import { addRestoreCommand } from './restore-command.js'
import { addServeCommand } from './serve-command.js'
import { addStatusCommand } from './status-command.js'
import { addSyncCommand } from './sync-command.js'
import { addTokenCommand } from './token-command.js'
import { addVerifyCommand } from './verify-command.js'

const exitCodes = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code.padEnd(10)}${meaning}`)
const HELP_FOOTER = `
Exit codes:
${exitCodes.join('\n')}

The default command is serve. Settings come from the environment and the file .env: see README.md.`

/**
 * Declares every command. Help, suggestions and completion are derived from the declarations. Where commander
 * would end the process, the program throws a `CommanderError`.
 */
export function createProgram(context: CommandContext): Command {
  const { paint } = context
  const program = new Command('gitmsg')
    .description('A messaging service whose history is a Git repository.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'display help')
    .helpCommand('help [command]', 'display help for a command')
    .configureHelp({
      styleTitle: (title) => paint('bold', title),
      styleCommandText: (text) => paint('green', text),
      styleSubcommandText: (text) => paint('green', text),
      styleOptionText: (text) => paint('yellow', text),
    })
    .showHelpAfterError('Run gitmsg --help for usage.')
    .exitOverride()
    .addHelpText('beforeAll', describeMistake)
    .addHelpText('after', HELP_FOOTER)
  addServeCommand(program, context)
  addStatusCommand(program, context)
  addSyncCommand(program, context)
  addVerifyCommand(program, context)
  addRestoreCommand(program, context)
  addQuarantineCommand(program, context)
  addTokenCommand(program, context)
  addCompletionCommand(program, context)
  return program
}

/** Explains why help is displayed unasked: a subcommand is missing, or `help` was given an unknown command. */
function describeMistake({ error, command }: AddHelpTextContext): string {
  if (!error) return ''
  const [, unknown] = command.args
  return unknown ? `error: unknown command '${unknown}'` : `error: missing command for '${command.name()}'`
}
