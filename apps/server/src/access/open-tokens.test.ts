import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, utimesSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openTokensFile } from '../testing/open-tokens-file.js'

const prlimit = (...args: string[]): string =>
  execFileSync('prlimit', ['--pid', String(process.pid), ...args], { encoding: 'utf8' }).trim()

/** Opens files until no more can be opened; answers how to close them. */
function takeDescriptors(): () => void {
  const limit = prlimit('--nofile', '--output=SOFT', '--noheadings')
  prlimit('--nofile=512:')
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    expect(error).toMatchObject({ code: 'EMFILE' })
  }
  return () => {
    for (const descriptor of taken) closeSync(descriptor)
    prlimit(`--nofile=${limit}:`)
  }
}

it.runIf(spawnSync('prlimit', ['--version']).error === undefined)(
  'a file of tokens that changed while no file descriptor was left is read as soon as there is one',
  async () => {
    await using file = await openTokensFile()
    const secret = file.add(['read'])
    expect(file.tokens.find(secret)).toMatchObject({ scopes: ['read'] })
    const giveBack = takeDescriptors()
    utimesSync(file.path, 1, 1)
    const meanwhile = file.tokens.find(secret)
    giveBack()
    expect(meanwhile).toBeNull()
    expect(file.tokens.find(secret)).toMatchObject({ scopes: ['read'] })
  },
)
