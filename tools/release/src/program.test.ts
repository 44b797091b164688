import { join } from 'node:path'
import { afterAll, expect, inject, it } from 'vitest'
import { openLocalRegistry } from './testing/local-registry.js'
import { postAndRead, servedUrl, start } from './testing/running-program.js'
import { openStranger } from './testing/stranger.js'

/** Long enough to compile SQLite, if better-sqlite3 has no binary for this Node.js. */
const INSTALL_TIMEOUT_MS = 480_000

const registry = await openLocalRegistry(inject('tarballs'))
afterAll(() => registry[Symbol.dispose]())

const strangerIn = (name: string) => openStranger(join(inject('consumer'), '..', name), registry.url)

it(
  'npx gitmsg in an empty folder serves the API and the tester, and commits what is posted',
  async () => {
    const stranger = strangerIn('npx')
    const program = start('npx --yes gitmsg', stranger)
    const url = await servedUrl(program)
    expect(await (await fetch(url)).text()).toContain('<title>gitmsg')
    expect(await postAndRead(url, stranger.folder)).toContain('Message 1 from alice\n')
    program.stop('SIGINT')
    expect(await program.ended).toMatch(/"stopped"/)
  },
  INSTALL_TIMEOUT_MS,
)

it(
  'npm install -g gitmsg serves; if SQLite is missing, after the command that the program names',
  async () => {
    const stranger = strangerIn('global')
    const installed = await start('npm install -g --ignore-scripts gitmsg', stranger).ended
    expect(installed).toContain('exit code 0')
    const serve = `exec ${join(stranger.bin, 'gitmsg')} serve`
    if (Number(process.versions.napi) < 10) {
      const refused = await start(serve, stranger).ended
      expect(refused).toMatch(/gitmsg: the binary of better-sqlite3 is missing.*exit code 1$/s)
      const [, command = ''] = /"(npm install -g [^"]+)"/.exec(refused) ?? []
      expect(await start(command, stranger).ended).toContain('exit code 0')
    }
    const program = start(serve, stranger)
    expect(await postAndRead(await servedUrl(program), stranger.folder)).toContain('Message 1 from alice\n')
    program.stop('SIGTERM')
    expect(await program.ended).toMatch(/"stopped".*exit code 0$/s)
  },
  INSTALL_TIMEOUT_MS,
)
