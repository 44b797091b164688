// Does everything a root command needs first: finds the pinned pnpm, installs, builds; then runs it.
// Works with nothing but Node.js, npm and git, and imports nothing that has to be installed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const windows = process.platform === 'win32'
const pnpmVersion = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.split('@')[1]

const turbo = (...args) => ['pnpm', 'exec', 'turbo', 'run', ...args, '--output-logs=errors-only']
const server = ['node', 'apps/server/dist/main.js']
const release = ['pnpm', '--dir', 'tools/release', 'exec', 'vitest', 'run']

/** Each command is a list of steps; what follows on the command line goes to the last one. */
const commands = {
  start: [turbo('build', '--filter=@gitmsg/server...'), server],
  test: [turbo('build'), ['pnpm', 'exec', 'vitest', 'run']],
  build: [turbo('build', 'build:types')],
  dev: [['pnpm', 'exec', 'turbo', 'run', 'dev', '--filter=@gitmsg/server...']],
  check: [
    ['pnpm', 'exec', 'biome', 'ci', '.'],
    turbo('build', 'build:types', 'typecheck'),
    ['pnpm', 'exec', 'knip'],
    release,
    // A registry without an audit endpoint is said so, and is no failure.
    ['pnpm', 'audit', '--prod', '--audit-level=high', '--ignore-registry-errors'],
  ],
  api: [turbo('build', 'build:types'), [...release, '--update', '--project', 'api']],
  bench: [turbo('build'), ['node', 'tools/bench/dist/main.js']],
  drill: [turbo('build', '--filter=@gitmsg/drill...'), ['node', 'tools/drill/dist/main.js']],
}

const [name, ...rest] = process.argv.slice(2)
if (!commands[name]) fail(`Usage: node scripts/run.mjs <${Object.keys(commands).join('|')}>`)

const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', PATH: pathWithPnpm() }
// Native addons compile against the headers beside this Node.js; without them they would be downloaded.
const prefix = dirname(dirname(process.execPath))
if (!environment.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node.h'))) {
  environment.npm_config_nodedir = prefix
}

if (!existsSync(join(root, 'node_modules'))) {
  process.stderr.write('Installing dependencies. The first time takes a minute or two: SQLite is compiled.\n')
}
const steps = [
  ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'],
  ...commands[name],
]
for (const [index, step] of steps.entries()) {
  const last = index === steps.length - 1
  const code = await run(last ? [...step, ...rest] : step, { quiet: index === 0 })
  if (code !== 0) process.exit(code)
}

/** The PATH, with the pinned pnpm first: the one already there, or the one npx brings. */
function pathWithPnpm() {
  const options = { encoding: 'utf8', cwd: root, shell: windows, stdio: ['ignore', 'pipe', 'ignore'] }
  try {
    if (execFileSync('pnpm', ['--version'], options).trim() === pnpmVersion) return process.env.PATH
  } catch {
    // No pnpm here, or not one that starts: npx has it.
  }
  try {
    const print = ['--', 'node', '-p', 'process.env.PATH']
    const npx = ['--yes', '--prefer-offline', `--package=pnpm@${pnpmVersion}`, ...print]
    return execFileSync('npx', npx, { ...options, stdio: ['ignore', 'pipe', 'inherit'] }).trim()
  } catch {
    return fail(`pnpm ${pnpmVersion} could not be fetched from the npm registry. Is there a network?`)
  }
}

/** Runs one step and passes on signals; ends the child when our own parent (npm) is gone. */
function run([command, ...args], { quiet }) {
  return new Promise((resolve) => {
    const output = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit'
    const child = spawn(command, args, { cwd: root, env: environment, stdio: output, shell: windows })
    const said = []
    child.stdout?.on('data', (chunk) => said.push(chunk))
    child.stderr?.on('data', (chunk) => said.push(chunk))

    const forward = (signal) => child.kill(signal)
    process.on('SIGTERM', forward)
    // Ctrl-C reaches the whole process group: the child has its own, so only stay alive until it has ended.
    process.on('SIGINT', ignore)
    const parent = process.ppid
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500)

    child.on('error', (error) => fail(`${command} could not be started: ${error.message}`))
    child.on('close', (code, signal) => {
      clearInterval(watch)
      process.off('SIGTERM', forward)
      process.off('SIGINT', ignore)
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(said))
      resolve(signal ? 1 : code)
    })
  })
}

function ignore() {}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
