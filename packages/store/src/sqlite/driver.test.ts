import { expect, it } from 'vitest'
import { StoreError } from '../store-error.js'
import { type DriverSituation, loadDriver } from './driver.js'

function situation(given: Partial<DriverSituation>) {
  const calls: string[] = []
  const load = () => void calls.push('load')
  return { calls, given: { driverVersion: '12.11.1', nodeApiVersion: 9, load, ...given } }
}

const failingWith = (message: string) => () => {
  throw new Error(message)
}

it.each([
  ['13.2.0', 9],
  ['13.0.0', 8],
  ['14.0.0', 9],
])(
  'loadDriver() rejects better-sqlite3 %s on Node-API %i without loading it',
  (driverVersion, nodeApiVersion) => {
    const { calls, given } = situation({ driverVersion, nodeApiVersion })
    expect(() => loadDriver(given)).toThrow(
      expect.objectContaining({
        code: 'missing-sqlite',
        message: expect.stringMatching(
          /needs Node\.js 22\.14 or later.*override better-sqlite3 with version 12/,
        ),
      }),
    )
    expect(calls).toEqual([])
  },
)

it.each([
  ['12.11.1', 9],
  ['12.11.1', 10],
  ['13.2.0', 10],
  [undefined, 9],
])('loadDriver() loads better-sqlite3 %s on Node-API %i', (driverVersion, nodeApiVersion) => {
  const { calls, given } = situation({ driverVersion, nodeApiVersion })
  loadDriver(given)
  expect(calls).toEqual(['load'])
})

it.each([
  'Could not locate the bindings file. Tried:\n → /home/ada/node_modules/better_sqlite3.node',
  "The module '/home/ada/better_sqlite3.node' was compiled against a different Node.js version",
  '/home/ada/better_sqlite3.node: invalid ELF header',
])('loadDriver() says how to get a binary, and names no path: %s', (message) => {
  let thrown: unknown
  try {
    loadDriver(situation({ load: failingWith(message) }).given)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(StoreError)
  expect(thrown).toMatchObject({ code: 'missing-sqlite', cause: { message } })
  for (const command of [
    'npm approve-scripts better-sqlite3',
    'npm rebuild better-sqlite3',
    'pnpm approve-builds',
  ])
    expect((thrown as Error).message).toContain(command)
  expect((thrown as Error).message).not.toContain('ada')
})

it('loadDriver() does not call the binary missing if the process is out of file descriptors', () => {
  const load = failingWith('better_sqlite3.node: cannot open shared object file: Too many open files')
  expect(() => loadDriver(situation({ load }).given)).toThrow(/Too many open files/)
  expect(() => loadDriver(situation({ load }).given)).not.toThrow(/missing/)
})

it('loadDriver() loads the driver of this process', () => {
  expect(loadDriver).not.toThrow()
})
