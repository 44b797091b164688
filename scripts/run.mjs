// Runs a root command such as `npm test` after everything it needs: the pinned pnpm, the dependencies, a build.
// Requires only Node.js, npm and git, and imports nothing that has to be installed.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const IS_WINDOWS = process.platform === 'win32'
const PARENT_CHECK_MS = 500
const PNPM_VERSION = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager.split('@')[1]

const turbo = (...args) => ['pnpm', 'exec', 'turbo', 'run', ...args, '--output-logs=errors-only']
const SERVER = ['node', 'apps/server/dist/main.js']
const RELEASE_TESTS = ['pnpm', '--dir', 'tools/release', 'exec', 'vitest', 'run']
const SITE_TESTS = ['pnpm', '--dir', 'tools/site', 'exec', 'vitest', 'run']

/** The steps of each command. Further arguments on the command line go to the last step. */
const COMMANDS = {
  start: [turbo('build', '--filter=gitmsg...'), SERVER],
  test: [turbo('build'), ['pnpm', 'exec', 'vitest', 'run']],
  'test:long': [turbo('build'), ['pnpm', 'exec', 'vitest', 'run', '--config=vitest.long.config.ts']],
  build: [turbo('build', 'build:types')],
  dev: [['pnpm', 'exec', 'turbo', 'run', 'dev', '--filter=gitmsg...']],
  check: [
    ['pnpm', 'exec', 'biome', 'ci', '.'],
    turbo('build', 'build:types', 'typecheck'),
    ['pnpm', 'exec', 'knip'],
    [...RELEASE_TESTS, '--project', '!matrix'],
    SITE_TESTS,
    // A registry without an audit endpoint causes a warning, not a failure.
    ['pnpm', 'audit', '--audit-level=high', '--ignore-registry-errors'],
  ],
  api: [turbo('build', 'build:types'), [...RELEASE_TESTS, '--update', '--project', 'api']],
  site: [
    turbo('build', 'build:types'),
    [...RELEASE_TESTS, '--update', '--project', 'api', 'api-reference'],
    SITE_TESTS,
  ],
  matrix: [turbo('build', 'build:types'), [...RELEASE_TESTS, '--project', 'matrix']],
  bench: [turbo('build'), ['node', 'tools/bench/dist/main.js']],
  drill: [turbo('build', '--filter=@gitmsg/drill...'), ['node', 'tools/drill/dist/main.js']],
}

const [name, ...rest] = process.argv.slice(2)
if (!COMMANDS[name]) fail(`Usage: node scripts/run.mjs <${Object.keys(COMMANDS).join('|')}>`)

const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', PATH: pathWithPnpm() }
// Native addons compile against the headers installed with this Node.js instead of downloading them.
const prefix = dirname(dirname(process.execPath))
if (!environment.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node.h'))) {
  environment.npm_config_nodedir = prefix
}

if (!existsSync(join(ROOT, 'node_modules'))) {
  process.stderr.write('Installing dependencies. The first time takes a minute or two: SQLite is compiled.\n')
}
const steps = [
  ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only'],
  ...COMMANDS[name],
]
for (const [index, step] of steps.entries()) {
  const last = index === steps.length - 1
  const code = await run(last ? [...step, ...rest] : step, { quiet: index === 0 })
  if (code !== 0) process.exit(code)
}

/** A PATH on which `pnpm` is the pinned version: the installed one if it matches, otherwise the one npx fetches. */
function pathWithPnpm() {
  const options = { encoding: 'utf8', cwd: ROOT, shell: IS_WINDOWS, stdio: ['ignore', 'pipe', 'ignore'] }
  try {
    if (execFileSync('pnpm', ['--version'], options).trim() === PNPM_VERSION) return process.env.PATH
  } catch {
    // pnpm is not installed or does not start: use npx.
  }
  try {
    const print = ['--', 'node', '-p', 'process.env.PATH']
    const npx = ['--yes', '--prefer-offline', `--package=pnpm@${PNPM_VERSION}`, ...print]
    return execFileSync('npx', npx, { ...options, stdio: ['ignore', 'pipe', 'inherit'] }).trim()
  } catch {
    return fail(`Cannot fetch pnpm ${PNPM_VERSION} from the npm registry. Check the network connection.`)
  }
}

/** Runs one step, forwards signals to it, and ends it when this process's parent (npm) is gone. */
function run([command, ...args], { quiet }) {
  return new Promise((resolve) => {
    const output = quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit'
    const child = spawn(command, args, { cwd: ROOT, env: environment, stdio: output, shell: IS_WINDOWS })
    const captured = []
    child.stdout?.on('data', (chunk) => captured.push(chunk))
    child.stderr?.on('data', (chunk) => captured.push(chunk))

    const forward = (signal) => child.kill(signal)
    process.on('SIGTERM', forward)
    // Ctrl-C reaches the whole process group, the child included: only stay alive until the child has ended.
    process.on('SIGINT', ignore)
    const parent = process.ppid
    const watch = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_CHECK_MS)

    child.on('error', (error) => fail(`Cannot start ${command}: ${error.message}`))
    child.on('close', (code, signal) => {
      clearInterval(watch)
      process.off('SIGTERM', forward)
      process.off('SIGINT', ignore)
      if (code !== 0 && quiet) process.stderr.write(Buffer.concat(captured))
      resolve(signal ? 1 : code)
    })
  })
}

function ignore() {}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
