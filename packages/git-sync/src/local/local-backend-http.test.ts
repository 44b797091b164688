import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, last, subjectsSince } from '../testing/drafts.js'
import { startGitHttpServer } from './testing/git-http-server.js'
import { type LocalFixture, withLocalFixture } from './testing/local-fixture.js'

const TOKEN = 'secret/token+1234567890'
const BASIC = Buffer.from(`x-access-token:${TOKEN}`).toString('base64')

/** Everything below a folder in one string, to search for what must not be there. */
async function everyFile(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1')),
  )
  expect(contents.length).toBeGreaterThan(5)
  return contents.join('\n')
}

async function serving(
  fixture: LocalFixture,
  answer: (authorization: string | undefined) => number | undefined,
) {
  const server = await startGitHttpServer(fixture.remote, ({ headers }) => answer(headers.authorization))
  const said: string[] = []
  const note = (details: object, message: string) => void said.push(JSON.stringify(details), message)
  const logger = { debug: note, info: note, warn: note, error: note }
  const backend = (token?: string) => fixture.open('copy.git', { remote: server.url, token, logger })
  return { server, backend, said }
}

describe('a remote over http', () => {
  it(
    'gets the token, which is found nowhere else',
    withLocalFixture(async (fixture) => {
      const asks = (header: string | undefined) => (header === `Basic ${BASIC}` ? undefined : 401)
      const { server, backend, said } = await serving(fixture, asks)
      const mine = backend(TOKEN)
      const parent = last(await append(mine, { parent: null, commits: [draft('one')] }))
      await append(mine, { parent, commits: [draft('two')] })
      expect(await subjectsSince(mine)).toEqual(['one', 'two'])
      expect([...server.seen]).toContain(`Basic ${BASIC}`)
      expect(mine.info.remote).toBe(server.url)

      const everything = [await everyFile(fixture.folder), ...said].join('\n')
      for (const form of [TOKEN, BASIC, encodeURIComponent(TOKEN)]) expect(everything).not.toContain(form)
      expect(said).toContain('git push')
      await server.close()
    }),
  )

  it(
    'says who may not come in, and who may not write',
    withLocalFixture(async (fixture) => {
      for (const [status, code] of [
        [401, 'unauthorized'],
        [403, 'forbidden'],
        [404, 'not-found'],
        [429, 'rate-limited'],
        [503, 'unavailable'],
      ] as const) {
        const { server, backend } = await serving(fixture, () => status)
        for (const token of [TOKEN, undefined]) {
          const mine = backend(token)
          const errors = [
            await mine.head().catch((error) => error),
            await append(mine, { parent: null, commits: [draft('one')] }).catch((error) => error),
          ]
          for (const error of errors) {
            expect(error).toMatchObject({ name: 'GitSyncError', code })
            expect(JSON.stringify([error.message, error.stack])).not.toContain(BASIC)
          }
        }
        await server.close()
      }
    }),
  )

  // Covers IN-70
  it(
    'that repeats the token without end is quoted without any part of it',
    withLocalFixture(async (fixture) => {
      const echo = createServer((_, response) => {
        response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(`${TOKEN.repeat(5000)}\nthe end`)
      })
      await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
      const remote = `http://127.0.0.1:${(echo.address() as AddressInfo).port}/x.git`
      const error = await fixture
        .open('copy.git', { remote, token: TOKEN })
        .head()
        .catch((thrown) => thrown)
      expect(error).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('remote: the end'),
      })
      expect(error.message).not.toMatch(/secret|token|12345/)
      echo.close()
    }),
  )

  it(
    'is unavailable when nobody listens',
    withLocalFixture(async (fixture) => {
      const { server, backend } = await serving(fixture, () => undefined)
      await server.close()
      const mine = backend(TOKEN)
      const appending = append(mine, { parent: null, commits: [draft('one')] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }),
  )
})
