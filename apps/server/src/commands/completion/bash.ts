import type { CommandLevel } from './command-levels.js'

/** Returns the completion script for bash 3.2 and later. */
export function bashCompletion(levels: readonly CommandLevel[]): string {
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
