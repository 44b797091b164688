import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const PATH = '/usr/local/bin:/usr/bin:/bin'

/** A `git` on a PATH of its own that runs a shell script instead. */
export interface GitWrapper {
  /** The environment that finds it first. */
  readonly environment: { readonly PATH: string }
  /** How often the script ran `fault`: a test that injected nothing proves nothing. */
  faults(): Promise<number>
}

/**
 * Writes the wrapper. In the script, `real` is the real git, `fault` records that the fault was injected, and `$1` is
 * the command; what the script does not handle is passed to git.
 */
export async function createGitWrapper(folder: string, script: string): Promise<GitWrapper> {
  const bin = join(folder, 'bin')
  const log = join(folder, 'faults')
  await mkdir(bin, { recursive: true })
  await writeFile(log, '')
  const lines = [
    '#!/bin/sh',
    `real() { PATH='${PATH}' command git "$@"; }`,
    `fault() { echo fault >> '${log}'; }`,
    script,
    'real "$@"',
  ]
  await writeFile(join(bin, 'git'), `${lines.join('\n')}\n`)
  await chmod(join(bin, 'git'), 0o755)
  return {
    environment: { PATH: `${bin}:${PATH}` },
    faults: async () => (await readFile(log, 'utf8')).split('\n').length - 1,
  }
}

/** Installs a hook in a bare repository. */
export async function installHook(repository: string, name: string, script: string): Promise<void> {
  await mkdir(join(repository, 'hooks'), { recursive: true })
  await writeFile(join(repository, 'hooks', name), `#!/bin/sh\n${script}\n`)
  await chmod(join(repository, 'hooks', name), 0o755)
}
