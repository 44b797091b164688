import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findGit } from './find-git.js'

it.runIf(process.platform !== 'win32')(
  'git is the first program of that name on the PATH, in an absolute folder',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'git sync '))
    onTestFinished(() => rm(folder, { recursive: true }))
    const [plain, empty, first, second] = ['plain', 'empty', 'first', 'second'].map((name) =>
      join(folder, name),
    )
    for (const place of [plain, empty, first, second] as string[]) await mkdir(place)
    for (const place of [plain, first, second]) await writeFile(join(place as string, 'git'), '#!/bin/sh\n')
    for (const place of [first, second]) await chmod(join(place as string, 'git'), 0o755)
    expect(findGit(['', '.', 'relative', plain, empty, first, second].join(':'))).toBe(
      join(first as string, 'git'),
    )
    expect(() => findGit(`.::${empty}`)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  },
)
