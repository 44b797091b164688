import { BlockList, isIP } from 'node:net'
import { GitSyncError } from '../../git-sync-error.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The variables that git reads for a protocol, in its order. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  // Not HTTP_PROXY, which a web server sets from the header "Proxy".
  'http:': ['http_proxy', 'all_proxy', 'ALL_PROXY'],
}

/**
 * The proxy that git would use for a URL, from the environment; `null` for none. Unlike git, it knows http and https
 * proxies only.
 *
 * @throws {GitSyncError} `misconfigured` for any other proxy; the message never repeats its address
 */
export function findProxy(url: string, environment: Environment): URL | null {
  const { protocol, hostname } = new URL(url)
  const names = VARIABLES[protocol] ?? []
  const name = names.find((candidate) => environment[candidate])
  const given = name === undefined ? '' : (environment[name] ?? '')
  const exceptions = environment.no_proxy ?? environment.NO_PROXY ?? ''
  if (given === '' || isException(hostname, exceptions)) return null
  const address = given.includes('://') ? given : `http://${given}`
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new GitSyncError('misconfigured', `${name} is not the URL of an http or https proxy`)
  }
  return new URL(address)
}

/** Whether a host is in the list of `NO_PROXY`: names with all below them, addresses, networks, or `*` alone. */
function isException(hostname: string, list: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase()
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
  if (entries.length === 1 && entries[0] === '*') return true
  return entries.some((entry) => (isIP(host) === 0 ? matchesName(host, entry) : matchesAddress(host, entry)))
}

function matchesName(host: string, entry: string): boolean {
  const name = entry.replace(/^\.|\.$/g, '')
  return host === name || host.endsWith(`.${name}`)
}

function matchesAddress(address: string, entry: string): boolean {
  const [network = '', prefix] = entry.replace(/^\[|\]$/g, '').split('/')
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(network) !== isIP(address)) return false
  const length = prefix === undefined ? Number.NaN : Number(prefix)
  const list = new BlockList()
  if (prefix === undefined) list.addAddress(network, family)
  else if (length >= 0 && length <= (family === 'ipv6' ? 128 : 32)) list.addSubnet(network, length, family)
  return list.check(address, family)
}
