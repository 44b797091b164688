import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

/** Every variable in the environment of a git process, apart from the git settings passed there. */
const VARIABLES = [
  'PATH',
  'HOME',
  'LC_ALL',
  'GIT_DIR',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_COUNT',
  'GIT_TERMINAL_PROMPT',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_ASKPASS',
  'SSH_ASKPASS',
  'GIT_SSH_COMMAND',
  'MALLOC_TRIM_THRESHOLD_',
]
/** Added by simple-git, which runs the commands that start no other processes. */
const SIMPLE_GIT_VARIABLE = 'GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS'
const RUN_BY_SIMPLE_GIT =
  /^(?:version|init|symbolic-ref|for-each-ref|cat-file -t|merge-base|update-ref|count-objects)\b/
/** Added by the shell that records the process. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL', '_']
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin'
const TOKEN = 'canary/token+1234567890'

interface Child {
  readonly args: string
  readonly variables: Record<string, string>
}

/** Installs a `git` that records its arguments and environment before it runs git. */
function recordChildren(folder: string): { path: string; children(): Child[] } {
  const bin = join(folder, 'bin')
  const records = join(folder, 'records')
  mkdirSync(bin)
  mkdirSync(records)
  const record = `{ printf '%s\\n' "$*"; env -0; } > '${records}/'$$`
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${record}\nPATH='${USUAL_PATH}' exec git "$@"\n`)
  chmodSync(join(bin, 'git'), 0o755)
  return {
    path: `${bin}:${USUAL_PATH}`,
    children: () =>
      readdirSync(records).map((name) => {
        const text = readFileSync(join(records, name), 'utf8')
        const end = text.indexOf('\n')
        const entries = text
          .slice(end + 1)
          .split('\0')
          .filter(Boolean)
        const variables = entries.map((entry) => [
          entry.slice(0, entry.indexOf('=')),
          entry.slice(entry.indexOf('=') + 1),
        ])
        return { args: text.slice(0, end), variables: Object.fromEntries(variables) }
      }),
  }
}

/** Variables that a user may have set or an attacker may want to set. */
function hostileEnvironment(home: string): Record<string, string> {
  writeFileSync(
    join(home, '.gitconfig'),
    '[core]\n\tfsmonitor = touch attacked\n\thooksPath = /evil\n[alias]\n\tpush = !touch attacked\n',
  )
  return {
    HOME: home,
    XDG_CONFIG_HOME: home,
    LD_LIBRARY_PATH: '/evil',
    NODE_OPTIONS: '--no-warnings',
    SHELL: '/evil',
    EDITOR: '/evil',
    GIT_DIR: '/evil',
    GIT_WORK_TREE: '/evil',
    GIT_INDEX_FILE: '/evil',
    GIT_EXEC_PATH: '/evil',
    GIT_TEMPLATE_DIR: '/evil',
    GIT_SSH: '/evil',
    GIT_SSH_COMMAND: 'touch attacked',
    GIT_ASKPASS: '/evil',
    GIT_PROXY_COMMAND: 'touch attacked',
    GIT_EXTERNAL_DIFF: 'touch attacked',
    GIT_CONFIG_PARAMETERS: "'core.hooksPath=/evil'",
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.sshCommand',
    GIT_CONFIG_VALUE_0: 'touch attacked',
    GIT_TRACE: join(home, 'trace'),
    GIT_ALLOW_PROTOCOL: 'ext',
    GITHUB_TOKEN: `${TOKEN}-github`,
  }
}

function expectedNames(args: string, settings: number): string[] {
  // Only looks for settings of the user's that have no effect.
  if (args.startsWith('config ')) return ['HOME', 'PATH', 'XDG_CONFIG_HOME']
  const numbers = Array.from({ length: settings }, (_, index) => index)
  return [
    ...VARIABLES,
    ...numbers.flatMap((number) => [`GIT_CONFIG_KEY_${number}`, `GIT_CONFIG_VALUE_${number}`]),
    ...(RUN_BY_SIMPLE_GIT.test(args) ? [SIMPLE_GIT_VARIABLE] : []),
    ...(args.startsWith('push ') ? ['GIT_HTTP_LOW_SPEED_TIME'] : []),
  ]
}

// Covers V1.2.5, V12.3.2
it('git processes get only listed variables, and no message or token in their arguments', async () => {
  await using workspace = await openWorkspace()
  const recorder = recordChildren(workspace.path)
  const home = join(workspace.path, 'home')
  mkdirSync(home)
  const server = await workspace.start({
    ...hostileEnvironment(home),
    PATH: recorder.path,
    GITMSG_REMOTE: workspace.makeRemote(),
  })
  const client = createClient(server.url)
  await client.post('canary-content', 'canary-sender')
  await until(async () => (await client.sync()).pending === 0)
  expect(await server.stop()).toBe(0)

  const children = recorder.children()
  expect(children.some(({ args }) => args.includes('fast-import'))).toBe(true)
  expect(children.some(({ args }) => args.includes('push'))).toBe(true)
  expect(children.some(({ args }) => RUN_BY_SIMPLE_GIT.test(args))).toBe(true)
  for (const { args, variables } of children) {
    const names = Object.keys(variables).filter((name) => !SHELL_VARIABLES.includes(name))
    expect(names.sort(), args).toEqual(expectedNames(args, Number(variables.GIT_CONFIG_COUNT)).sort())
    expect(`${args} ${Object.values(variables).join(' ')}`).not.toMatch(/canary|evil|attacked/)
    // Values from outside cannot be mistaken for options.
    if (/refs\/heads|remote\.git|[0-9a-f]{40}/.test(args)) expect(args).toContain(' --end-of-options ')
  }
  expect(readdirSync(workspace.path)).not.toContain('attacked')
  expect(readdirSync(home)).toEqual(['.gitconfig'])
})

// Covers V13.3.2
it("the remote's token is in one setting of git's environment and nowhere else", async () => {
  await using workspace = await openWorkspace()
  const recorder = recordChildren(workspace.path)
  const server = await workspace.start({
    PATH: recorder.path,
    GITMSG_REMOTE: 'http://127.0.0.1:1/messages.git',
    GITMSG_REMOTE_TOKEN: TOKEN,
    LOG_LEVEL: 'trace',
  })
  const client = createClient(server.url)
  await client.post('canary-content')
  await until(async () => (await client.sync()).last_error !== null)
  const status = await (await client.call('/sync')).text()
  await server.stop('SIGKILL')

  const basic = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')
  const forms = [TOKEN, encodeURIComponent(TOKEN), basic]
  const children = recorder.children()
  expect(
    children.some(({ variables }) => Object.values(variables).includes(`Authorization: Basic ${basic}`)),
  ).toBe(true)
  for (const { args, variables } of children) {
    const holders = Object.entries(variables).filter(([, value]) =>
      forms.some((form) => value.includes(form)),
    )
    expect(holders.every(([name]) => /^GIT_CONFIG_VALUE_\d+$/.test(name))).toBe(true)
    expect(forms.filter((form) => args.includes(form))).toEqual([])
  }
  expect(forms.filter((form) => `${server.output()}${status}`.includes(form))).toEqual([])
})
