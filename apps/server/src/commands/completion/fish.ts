import type { Candidate, CommandLevel } from './command-levels.js'

/** Returns the completion script for fish 3. */
export function fishCompletion(levels: readonly CommandLevel[]): string {
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
