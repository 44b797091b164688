import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { sqliteFolder } from '../consumer.js'
import { type Manifest, ROOT } from '../published-packages.js'

/** A registry on this machine that has the packed packages, and leads to the usual one for all others. */
export interface LocalRegistry {
  readonly url: string
  [Symbol.dispose](): void
}

const MAX_BYTES = 64 * 1024 * 1024
/** Where better-sqlite3 downloads its binary from, with `npm_config_better_sqlite3_binary_host` set to the registry. */
const BINARY = /^\/v[\d.]+\/better-sqlite3-v([\d.]+)-node-v(\d+)-/

const usualRegistry = () =>
  execFileSync('npm', ['config', 'get', 'registry'], { cwd: ROOT, encoding: 'utf8' }).trim()

/** Starts the registry on a free port. */
export async function openLocalRegistry(tarballs: readonly string[]): Promise<LocalRegistry> {
  const usual = usualRegistry()
  const manifests = tarballs.map((tarball) => ({ tarball, manifest: manifestIn(tarball) }))
  const server = createServer(respond)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function respond({ url: path = '/' }: IncomingMessage, response: ServerResponse): void {
    const named = manifests.find(({ manifest }) => decodeURIComponent(path.slice(1)) === manifest.name)
    const file = tarballs.find((tarball) => path === `/tarballs/${basename(tarball)}`)
    const [, version, abi] = BINARY.exec(path) ?? []
    if (named) response.setHeader('Content-Type', 'application/json').end(packument(named))
    else if (file) response.end(readFileSync(file))
    else if (version === undefined) response.writeHead(302, { Location: new URL(path, usual).href }).end()
    else if (isAddonFor(version, abi)) response.end(packAddon())
    else response.writeHead(404).end()
  }

  function packument({ manifest, tarball }: { manifest: Manifest; tarball: string }): string {
    const { name, version } = manifest
    const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`
    const dist = { integrity, tarball: `${url}/tarballs/${basename(tarball)}` }
    return JSON.stringify({
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
    })
  }

  return {
    url,
    [Symbol.dispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

function manifestIn(tarball: string): Manifest {
  return JSON.parse(
    execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { maxBuffer: MAX_BYTES }).toString(),
  )
}

/** Whether the addon compiled in this workspace is the one that is requested. */
function isAddonFor(version: string, abi: string | undefined): boolean {
  const manifest = JSON.parse(readFileSync(join(sqliteFolder(), 'package.json'), 'utf8'))
  return version === manifest.version && abi === process.versions.modules
}

const packAddon = (): Buffer =>
  execFileSync('tar', ['-czf', '-', '-C', sqliteFolder(), 'build/Release/better_sqlite3.node'], {
    maxBuffer: MAX_BYTES,
  })
