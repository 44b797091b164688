import type { Command, Option } from 'commander'

/** A word that may come next, with its description. */
export interface Candidate {
  readonly word: string
  readonly description: string
}

/** The words that may follow certain commands. */
export interface CommandLevel {
  /** The commands so far, each with a slash before it: ``, `/token`, `/token/create`. */
  readonly path: string
  readonly candidates: readonly Candidate[]
  /** The values of the options that have a fixed list of them. */
  readonly values: readonly { readonly option: string; readonly words: readonly string[] }[]
}

/** Derives the levels of a command and its subcommands from their declarations. */
export function commandLevels(command: Command, path = ''): CommandLevel[] {
  const help = command.createHelp()
  const commands = help.visibleCommands(command)
  const options = help.visibleOptions(command)
  const args = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((word) => ({ word, description })),
  )
  const level: CommandLevel = {
    path,
    candidates: [
      ...commands.map((subcommand) => ({ word: subcommand.name(), description: subcommand.description() })),
      ...args,
      ...options.map((option) => ({ word: longName(option), description: option.description })),
    ],
    values: options.flatMap((option) =>
      option.argChoices ? [{ option: longName(option), words: option.argChoices }] : [],
    ),
  }
  return [
    level,
    ...commands.flatMap((subcommand) => commandLevels(subcommand, `${path}/${subcommand.name()}`)),
  ]
}

const longName = ({ long, flags }: Option): string => long ?? flags
