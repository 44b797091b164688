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
const MORE = `
Exit codes:
${exitCodes.join('\n')}

Without a command it serves. Settings come from the environment and from the file .env; README.md lists them.`

/**
 * Every command, declared once: help, suggestions and completion come from this. It throws a `CommanderError`
 * where it would end the process.
 */
export function createProgram(context: CommandContext): Command {
  const { paint } = context
  const program = new Command('gitmsg')
    .description('A messaging service whose history is a Git repository.')
    .version(VERSION, '-V, --version', 'say which version this is')
    .helpOption('-h, --help', 'say what there is')
    .helpCommand('help [command]', 'say what there is')
    .configureHelp({
      styleTitle: (title) => paint('bold', title),
      styleCommandText: (text) => paint('green', text),
      styleSubcommandText: (text) => paint('green', text),
      styleOptionText: (text) => paint('yellow', text),
    })
    .showHelpAfterError('--help says what there is.')
    .exitOverride()
    .addHelpText('beforeAll', sayWhatIsWrong)
    .addHelpText('after', MORE)
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

/** The line above a help that nobody asked for: a command lacks one of its own, or `help` was given an unknown one. */
function sayWhatIsWrong({ error, command }: AddHelpTextContext): string {
  if (!error) return ''
  const [, unknown] = command.args
  return unknown ? `error: unknown command '${unknown}'` : `error: missing command for '${command.name()}'`
}
