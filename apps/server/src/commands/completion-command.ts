import { Argument, type Command, type Option } from 'commander'
import type { CommandContext } from './command-context.js'

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** Adds `gitmsg completion`. */
export function addCompletionCommand(program: Command, { print }: CommandContext): void {
  program
    .command('completion')
    .description('print the completion script of a shell: eval "$(gitmsg completion bash)"')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => print(SHELLS[shell](commandLevels(program))))
}

/** A word that may come next, with its description. */
interface Candidate {
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

/** Returns the completion script for bash 3.2 and later. */
function bashCompletion(levels: readonly CommandLevel[]): string {
  const paths = levels.flatMap(({ path }) => (path ? [path] : []))
  const values = levels.flatMap(({ path, values }) =>
    values.map(({ option, words }) => `    ${path}:${option}) words="${words.join(' ')}" ;;`),
  )
  const candidates = levels.map(
    ({ path, candidates }) => `    "${path}:"*) words="${candidates.map(({ word }) => word).join(' ')}" ;;`,
  )
  return `# Completion of gitmsg for bash: eval "$(gitmsg completion bash)"
_gitmsg() {
  local current="\${COMP_WORDS[COMP_CWORD]}" level="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$level/$word" in
    ${paths.join(' | ')}) level="$level/$word" ;;
    esac
  done
  case "$level:\${COMP_WORDS[COMP_CWORD-1]}" in
${[...values, ...candidates].join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _gitmsg gitmsg
`
}

/** Returns the completion script for zsh, to evaluate or to store as `_gitmsg` in a folder of `fpath`. */
function zshCompletion(levels: readonly CommandLevel[]): string {
  const paths = levels.flatMap(({ path }) => (path ? [path] : []))
  const values = levels.flatMap(({ path, values }) =>
    values.map(({ option, words }) => `    (${path}:${option}) candidates=(${words.join(' ')}) ;;`),
  )
  const candidates = levels.map(
    ({ path, candidates }) => `    (${path}:*) candidates=(${candidates.map(described).join(' ')}) ;;`,
  )
  return `#compdef gitmsg
# Completion of gitmsg for zsh, after compinit: eval "$(gitmsg completion zsh)"
_gitmsg() {
  local level="" word
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$level/$word" in
    (${paths.join('|')}) level="$level/$word" ;;
    esac
  done
  case "$level:\${words[CURRENT-1]}" in
${[...values, ...candidates].join('\n')}
  esac
  _describe 'gitmsg' candidates
}
if [ "\${funcstack[1]}" = _gitmsg ]; then _gitmsg "$@"; else compdef _gitmsg gitmsg; fi
`
}

/** A word and its description in single quotes, separated by a colon. */
function described({ word, description }: Candidate): string {
  return `'${word.replaceAll(':', '\\:')}:${description.replaceAll("'", `'\\''`)}'`
}

/** Returns the completion script for fish 3. */
function fishCompletion(levels: readonly CommandLevel[]): string {
  const paths = levels.flatMap(({ path }) => (path ? [path] : []))
  const lines = levels.flatMap(({ path, candidates, values }) => [
    ...candidates.map((candidate) => completeWord(path, candidate)),
    ...values.map(({ option, words }) => `${at(path)} -l ${option.slice(2)} -x -a '${words.join(' ')}'`),
  ])
  return `# Completion of gitmsg for fish: gitmsg completion fish | source
function __gitmsg_level
  set -l level ''
  for word in (commandline -opc)[2..-1]
    contains -- "$level/$word" ${paths.join(' ')}; and set level "$level/$word"
  end
  echo "$level"
end
complete -c gitmsg -f
${lines.join('\n')}
`
}

const at = (path: string) => `complete -c gitmsg -n 'test (__gitmsg_level) = "${path}"'`

function completeWord(path: string, { word, description }: Candidate): string {
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`
  return `${at(path)} ${what} -d '${description.replaceAll("'", "\\'")}'`
}
