/** A runtime with a package manager that installs from the registry. */
export interface Setup {
  readonly name: string
  /** What `EXPECTED_RUNTIME` must match at the beginning: a name and a version. */
  readonly runtime: string
  /** The packages that contain the programs, for this machine. */
  readonly packages: readonly string[]
  /** Where the programs are, below `node_modules`. */
  readonly path: readonly string[]
  /** The shell command that runs the program `gitmsg` in an empty folder. */
  readonly program: string
  /** The command that adds packages to a project. */
  readonly add: readonly string[]
  /** The command that runs a module. */
  readonly run: readonly string[]
  /** Files that a project needs, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/** The oldest Node.js that is supported, and the newest of each later line, with the npm that it came with. */
const NODE = [
  { line: '20.19', version: '20.19.0', npm: '10' },
  { line: '22', version: '22', npm: '10' },
  { line: '24', version: '24', npm: '11' },
  { line: '26', version: '26', npm: '12' },
]

/** pnpm would install better-sqlite3 13, which needs Node.js 22, and blocks the install script of 12. */
const OLD_NODE = {
  program: 'pnpm add gitmsg && exec pnpm exec gitmsg',
  files: {
    'pnpm-workspace.yaml': 'overrides:\n  better-sqlite3: ^12.11.1\nallowBuilds:\n  better-sqlite3: true\n',
  },
}

const ARM = process.arch === 'arm64'
const node = `node-linux-${process.arch}`
const bun = `@oven/bun-linux-${ARM ? 'aarch64' : 'x64'}`
const deno = `@deno/linux-${process.arch}-glibc`

const nodeSetups = NODE.flatMap(({ line, version, npm }): Setup[] => {
  const shared = {
    runtime: `node ${line}.`,
    packages: [`${node}@${version}`, `npm@${npm}`],
    path: [`${node}/bin`, '.bin'],
    run: ['node'],
  }
  return [
    {
      ...shared,
      name: `Node.js ${line}, npm`,
      program: 'npx --yes gitmsg',
      add: ['npm', 'install', '--no-audit', '--no-fund'],
    },
    {
      ...shared,
      name: `Node.js ${line}, pnpm`,
      program: 'pnpm dlx gitmsg',
      add: ['pnpm', 'add'],
      ...(line === '20.19' ? OLD_NODE : {}),
    },
  ]
})

/** Everything that is tested: Linux, with the GNU C library, on this machine's architecture. */
export const SETUPS: readonly Setup[] = [
  ...nodeSetups,
  {
    name: 'Bun 1',
    runtime: 'bun 1.',
    packages: [`${bun}@1`],
    path: [`${bun}/bin`],
    program: 'bun x --bun gitmsg',
    add: ['bun', 'add'],
    run: ['bun', '--bun'],
  },
  {
    name: 'Deno 2',
    runtime: 'deno 2.',
    // vitest has an optional dependency that not every registry has, and that only Deno misses: npm installs it.
    packages: [`${deno}@2`, `${node}@24`, 'npm@11'],
    path: [deno, `${node}/bin`, '.bin'],
    program: 'deno run --allow-all npm:gitmsg',
    add: ['npm', 'install', '--no-audit', '--no-fund'],
    run: ['deno', 'run', '--allow-all'],
  },
]
