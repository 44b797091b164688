import type { Candidate, CommandLevel } from './command-levels.js'

/** Returns the completion script for zsh, to evaluate or to store as `_gitmsg` in a folder of `fpath`. */
export function zshCompletion(levels: readonly CommandLevel[]): string {
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
