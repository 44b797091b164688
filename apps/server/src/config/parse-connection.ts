import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { assertSshPath, parseRemote } from '@gitmsg/git-sync/local'
import type { ReadOnlyFileSystem } from '../file-system.js'
import type { SettingOf } from './settings/settings.js'
import type { SettingsReader } from './settings-reader.js'

/** Files that decide how the remote is reached, and whom to trust there. */
export interface ConnectionConfig {
  readonly caFile: string | undefined
  readonly sshKeyFile: string | undefined
  readonly sshKnownHostsFile: string | undefined
}

/** What {@link parseConnection} needs. */
export interface ConnectionOptions {
  /** The remote, or the address of GitHub's API. */
  readonly address: string | null
  readonly fileSystem: ReadOnlyFileSystem
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs

/** Parses the settings of the connection, and reads their files. Problems are left in the reader. */
export function parseConnection(
  reader: SettingsReader,
  { address, fileSystem }: ConnectionOptions,
): ConnectionConfig {
  const scheme = schemeOf(address)

  function file(
    name: SettingOf<'text'>,
    needed: 'https' | 'ssh',
    check: (path: string) => void,
  ): string | undefined {
    const given = reader.text(name)
    if (given === undefined) return undefined
    const path = resolve(given)
    if (scheme === needed) reader.check(name, () => check(path))
    else if (scheme !== null) {
      reader.report(name, `needs an ${needed} remote: set one, or remove the file`)
    }
    return path
  }

  function assertSshFile(path: string): void {
    assertSshPath('the path', path)
    read(path, fileSystem)
  }

  return {
    caFile: file('GITMSG_CA_FILE', 'https', (path) => assertCertificates(read(path, fileSystem))),
    sshKeyFile: file('GITMSG_SSH_KEY_FILE', 'ssh', assertSshFile),
    sshKnownHostsFile: file('GITMSG_SSH_KNOWN_HOSTS_FILE', 'ssh', assertSshFile),
  }
}

/** `none` without a remote; `null` for an invalid one, which is reported elsewhere. */
function schemeOf(address: string | null): string | null {
  if (address === null) return 'none'
  try {
    return parseRemote(address).scheme
  } catch {
    return null
  }
}

function read(path: string, fileSystem: ReadOnlyFileSystem): string {
  try {
    return fileSystem.readFileSync(path, 'utf8')
  } catch {
    throw new Error('the file cannot be read')
  }
}

function assertCertificates(text: string): void {
  const certificates: string[] = text.match(CERTIFICATE) ?? []
  try {
    for (const pem of certificates) new X509Certificate(pem)
  } catch {
    certificates.length = 0
  }
  if (certificates.length === 0) throw new Error('the file is not a list of certificates in PEM')
}
