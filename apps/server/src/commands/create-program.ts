import { type AddHelpTextContext, Command, CommanderError } from 'commander'
import { ConfigError } from '../config/server-config.js'
import { VERSION } from '../version.js'
import { addAccountCommand } from './accounts/account-command.js'
import { addInviteCommand } from './accounts/invite-command.js'
import { addModerationCommand } from './accounts/moderation-command.js'
import { addDeleteCommand } from './client/delete-command.js'
import { addEditCommand } from './client/edit-command.js'
import { addFollowCommand } from './client/follow-command.js'
import { addListCommand } from './client/list-command.js'
import { addMcpCommand } from './client/mcp-command.js'
import { addPostCommand } from './client/post-command.js'
import { addSearchCommand } from './client/search-command.js'
import type { CommandContext } from './command-context.js'
import { addCompletionCommand } from './completion-command.js'
import { addMigrateCommand } from './migrate-command.js'
import { addMoveCommand } from './move-command.js'
import { addPurgeCommand } from './purge-command.js'
import { addQuarantineCommand } from './quarantine-command.js'
import { addRestoreCommand } from './restore-command.js'
import { addServeCommand } from './serve-command.js'
import { addStatusCommand } from './status-command.js'
import { addSyncCommand } from './sync-command.js'
import { addTokenCommand } from './token-command.js'
import { addVerifyCommand } from './verify-command.js'

const FAILURE = 1
/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

/** The meaning of each exit code. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: 'success',
  [FAILURE]:
    'failure; post, list, search, follow, edit, delete: the server rejects it or cannot be reached; verify: differences found; restore: conflicts found; purge: not confirmed, or old contents remain here; sync: conflicts found or messages still pending; quarantine retry: not quarantined',
  [EX_CONFIG]: 'invalid settings or command line',
  '130, 143': 'ended by SIGINT or SIGTERM: follow by the first, others at once by the second',
}

/** Returns the exit code for what a command threw. */
export function exitCodeFor(error: unknown): number {
  if (error instanceof ConfigError) return EX_CONFIG
  if (!(error instanceof CommanderError)) return FAILURE
  return error.exitCode === 0 ? 0 : EX_CONFIG
}

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
  addPostCommand(program, context)
  addListCommand(program, context)
  addSearchCommand(program, context)
  addFollowCommand(program, context)
  addEditCommand(program, context)
  addDeleteCommand(program, context)
  addMcpCommand(program, context)
  addStatusCommand(program, context)
  addSyncCommand(program, context)
  addVerifyCommand(program, context)
  addRestoreCommand(program, context)
  addPurgeCommand(program, context)
  addMigrateCommand(program, context)
  addMoveCommand(program, context)
  addQuarantineCommand(program, context)
  addTokenCommand(program, context)
  addAccountCommand(program, context)
  addInviteCommand(program, context)
  addModerationCommand(program, context)
  addCompletionCommand(program, context)
  return program
}

/** Explains why help is displayed unasked: a subcommand is missing, or `help` was given an unknown command. */
function describeMistake({ error, command }: AddHelpTextContext): string {
  if (!error) return ''
  const [, unknown] = command.args
  return unknown ? `error: unknown command '${unknown}'` : `error: missing command for '${command.name()}'`
}
