import { Argument, type Command } from 'commander'
import type { CommandContext } from '../command-context.js'
import { bashCompletion } from './bash.js'
import { commandLevels } from './command-levels.js'
import { fishCompletion } from './fish.js'
import { zshCompletion } from './zsh.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** Adds `gitmsg completion`. */
export function addCompletionCommand(program: Command, { print }: CommandContext): void {
  program
    .command('completion')
    .description('print the completion script of a shell: eval "$(gitmsg completion bash)"')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => print(SHELLS[shell](commandLevels(program))))
}
