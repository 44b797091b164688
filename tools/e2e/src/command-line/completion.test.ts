import { spawnSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import { gitmsg } from '../testing/gitmsg.js'

let completion = ''
beforeAll(() => {
  completion = gitmsg('.', ['completion', 'bash']).stdout
})

/** What bash offers after these words. The last one is incomplete. */
function completeInBash(...words: string[]): string[] {
  const script = `eval "$0"; COMP_WORDS=(gitmsg "$@"); COMP_CWORD=$#; _gitmsg && echo "\${COMPREPLY[*]}"`
  const options = ['--norc', '--noprofile', '-c', script, completion, ...words]
  const { stdout, stderr } = spawnSync('bash', options, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim().split(' ')
}

describe('completion in bash', () => {
  it.each<[string[], string[]]>([
    [['st'], ['status']],
    [
      ['quarantine', ''],
      ['list', 'retry', 'help', '--help'],
    ],
    [['quarantine', 'list', '--j'], ['--json']],
    [
      ['verify', '--'],
      ['--repair', '--json', '--help'],
    ],
    [
      ['token', 'create', '--scope', ''],
      ['read', 'write', 'moderate', 'admin'],
    ],
    [['token', 'create', '--scope', 'read', '--n'], ['--name']],
    [
      ['post', '--format', ''],
      ['plain', 'markdown', 'reaction'],
    ],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish', '--help'],
    ],
    [['nothing', 'like', 'this', 'stat'], ['status']],
  ])('offers what fits the words so far: %j', (words, offered) => {
    expect(completeInBash(...words)).toEqual(offered)
  })

  it('offers every command that the help lists', () => {
    const { stdout } = gitmsg('.', ['--help'])
    const commands = [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)\b/gm)].map(
      ([, name]) => name,
    )
    expect(commands).toContain('serve')
    expect(completeInBash('')).toEqual([...commands, '--version', '--help'])
  })
})

it.each([
  ['zsh', /^#compdef gitmsg$/m, /'list:list the messages and the reasons, newest first'/],
  [
    'fish',
    /^complete -c gitmsg -f$/m,
    /level\) = "\/token\/create"' -l scope -x -a 'read write moderate admin'/,
  ],
])('gitmsg completion prints commands and options for another shell: %s', (shell, beginning, line) => {
  const { status, stdout } = gitmsg('.', ['completion', shell])
  expect(status).toBe(0)
  expect(stdout).toMatch(beginning)
  expect(stdout).toMatch(line)
})
