import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, utimesSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openTokensFile } from '../testing/open-tokens-file.js'

const prlimit = (...args: string[]): string =>
  execFileSync('prlimit', ['--pid', String(process.pid), ...args], { encoding: 'utf8' }).trim()

/** Opens files until no more can be opened. Returns a function that closes them. */
function exhaustDescriptors(): () => void {
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
  'openTokens() reads a file that changed while the process had no file descriptors left, once it has one again',
  async () => {
    await using file = await openTokensFile()
    const secret = file.add(['read'])
    expect(file.tokens.find(secret)).toMatchObject({ scopes: ['read'] })
    const release = exhaustDescriptors()
    utimesSync(file.path, 1, 1)
    const meanwhile = file.tokens.find(secret)
    release()
    expect(meanwhile).toBeNull()
    expect(file.tokens.find(secret)).toMatchObject({ scopes: ['read'] })
  },
)

it('openTokens() rejects the tokens of a file that is removed, and accepts those of one created later', async () => {
  await using file = await openTokensFile()
  const first = file.add(['read'])
  expect(file.tokens.find(first)).toMatchObject({ scopes: ['read'] })
  rmSync(file.path)
  expect(file.tokens.find(first)).toBeNull()
  const second = file.add(['write'])
  expect(file.tokens.find(second)).toMatchObject({ scopes: ['write'] })
  expect(file.tokens.find(first)).toBeNull()
})
