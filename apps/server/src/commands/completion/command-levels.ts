import type { Command, Option } from 'commander'

/** A word that may come next, and what it is. */
export interface Candidate {
  readonly word: string
  readonly description: string
}

/** A place on the command line: after these commands, these words may come. */
export interface CommandLevel {
  /** The commands so far, each with a slash before it: ``, `/token`, `/token/create`. */
  readonly path: string
  readonly candidates: readonly Candidate[]
  /** What may come after an option, where that is known. */
  readonly values: readonly { readonly option: string; readonly words: readonly string[] }[]
}

/** Everything that may be on the command line, from the commands' own declarations. */
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
      ...commands.map((one) => ({ word: one.name(), description: one.description() })),
      ...args,
      ...options.map((one) => ({ word: longName(one), description: one.description })),
    ],
    values: options.flatMap((one) =>
      one.argChoices ? [{ option: longName(one), words: one.argChoices }] : [],
    ),
  }
  return [level, ...commands.flatMap((one) => commandLevels(one, `${path}/${one.name()}`))]
}

const longName = ({ long, flags }: Option): string => long ?? flags
