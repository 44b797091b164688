#!/usr/bin/env node
// Imports nothing that loads many files before it is known that they can be opened.
import { countOpenableFiles, MIN_OPENABLE_FILES } from './file-system.js'

const openable = countOpenableFiles(MIN_OPENABLE_FILES)
if (openable < MIN_OPENABLE_FILES) {
  process.exitCode = 78 // as for settings that are not valid
  process.stderr.write(
    `gitmsg: the limit of open files is too low: ${openable} more can be opened, and at least ${MIN_OPENABLE_FILES} are needed. Raise it with ulimit -n, LimitNOFILE= in systemd, or docker run --ulimit nofile=1024\n`,
  )
} else {
  const { runProgram } = await import('./run-program.js')
  await runProgram(process.argv.slice(2))
}
