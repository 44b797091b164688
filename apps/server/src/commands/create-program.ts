import { type AddHelpTextContext, Command, CommanderError } from 'commander'
import { ConfigError } from '../config/server-config.js'
import { VERSION } from '../version.js'
import type { CommandContext } from './command-context.js'

type AddCommand = (program: Command, context: CommandContext) => void

/** Loads each command, in the order of --help. */
const COMMANDS = {
  serve: async () => (await import('./serve-command.js')).addServeCommand,
  post: async () => (await import('./client/post-command.js')).addPostCommand,
  list: async () => (await import('./client/list-command.js')).addListCommand,
  search: async () => (await import('./client/search-command.js')).addSearchCommand,
  follow: async () => (await import('./client/follow-command.js')).addFollowCommand,
  edit: async () => (await import('./client/edit-command.js')).addEditCommand,
  delete: async () => (await import('./client/delete-command.js')).addDeleteCommand,
  mcp: async () => (await import('./client/mcp-command.js')).addMcpCommand,
  status: async () => (await import('./status-command.js')).addStatusCommand,
  sync: async () => (await import('./sync-command.js')).addSyncCommand,
  config: async () => (await import('./config-command.js')).addConfigCommand,
  verify: async () => (await import('./verify-command.js')).addVerifyCommand,
  restore: async () => (await import('./restore-command.js')).addRestoreCommand,
  purge: async () => (await import('./purge-command.js')).addPurgeCommand,
  migrate: async () => (await import('./database/migrate-command.js')).addMigrateCommand,
  move: async () => (await import('./database/move-command.js')).addMoveCommand,
  quarantine: async () => (await import('./quarantine-command.js')).addQuarantineCommand,
  token: async () => (await import('./token-command.js')).addTokenCommand,
  account: async () => (await import('./accounts/account-command.js')).addAccountCommand,
  invite: async () => (await import('./accounts/invite-command.js')).addInviteCommand,
  moderation: async () => (await import('./accounts/moderation-command.js')).addModerationCommand,
  completion: async () => (await import('./completion-command.js')).addCompletionCommand,
} satisfies Record<string, () => Promise<AddCommand>>

const FAILURE = 1
/** "Configuration error" in sysexits.h. */
const EX_CONFIG = 78

/** The meaning of each exit code. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: 'success',
  [FAILURE]:
    'failure; post, list, search, follow, edit, delete: the server rejects it or cannot be reached; verify: differences found; restore: conflicts found; purge: not confirmed, or old contents remain here; sync: conflicts found or messages still pending; quarantine retry: not quarantined',
  [EX_CONFIG]: 'invalid settings or command line',
  '130, 143': 'ended by SIGINT or SIGTERM: follow by the first, others by a second one, half a second later',
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

The default command is serve. Settings come from the environment, the file .env, and the file gitmsg.json: see README.md.`

/**
 * Declares the commands that `words`, a command line, need. Help, suggestions and completion are derived from the
 * declarations. Where commander would end the process, the program throws a `CommanderError`.
 */
export async function createProgram(context: CommandContext, words: readonly string[]): Promise<Command> {
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
  for (const load of neededCommands(words)) (await load())(program, context)
  return program
}

/** Loading all commands takes longer than most of them run: only help, completion and mistakes need them all. */
function neededCommands([name = '']: readonly string[]): (() => Promise<AddCommand>)[] {
  const { completion, ...commands } = COMMANDS
  const [, needed] = Object.entries(commands).find(([other]) => other === name) ?? []
  return needed ? [needed] : [...Object.values(commands), completion]
}

/** Explains why help is displayed unasked: a subcommand is missing, or `help` was given an unknown command. */
function describeMistake({ error, command }: AddHelpTextContext): string {
  if (!error) return ''
  const [, unknown] = command.args
  return unknown ? `error: unknown command '${unknown}'` : `error: missing command for '${command.name()}'`
}
