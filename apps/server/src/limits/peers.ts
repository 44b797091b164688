import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Addresses and networks, as CIDRs. */
export interface AddressList {
  has(address: string): boolean
}

const CIDR = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i
const BITS = { ipv4: 32, ipv6: 128 } as const

/**
 * Parses addresses and networks, such as `10.0.0.0/8` and `2001:db8::/32`.
 *
 * @throws {Error} naming the first entry that is neither
 */
export function parseAddressList(entries: readonly string[]): AddressList {
  const list = new BlockList()
  for (const entry of entries) {
    const [, address = '', prefix] = CIDR.exec(entry) ?? []
    const family = familyOf(address)
    const bits = prefix === undefined ? family && BITS[family] : Number(prefix)
    if (!family || bits === undefined || bits > BITS[family]) {
      throw new Error(`${JSON.stringify(entry)} is not an address or a network like 10.0.0.0/8`)
    }
    list.addSubnet(address, bits, family)
  }
  return {
    has(text) {
      const address = toPlainAddress(text)
      const family = familyOf(address)
      return family !== undefined && list.check(address, family)
    },
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined =>
  isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined

/** An IPv4 address of a socket that listens on IPv6, as itself. */
const toPlainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

/**
 * The address of the client. Behind proxies that are trusted it is the first address, from the right of
 * `X-Forwarded-For`, that is not one of them: each proxy adds on the right whom it received the request from, and what
 * is further left is only what the client claims.
 */
export function clientAddress(
  peer: string,
  { forwardedFor, proxies }: { forwardedFor: string; proxies: AddressList | null },
): string {
  if (!proxies?.has(peer)) return peer
  const claimed = forwardedFor.split(',').map((entry) => withoutPort(entry.trim()))
  let nearest = peer
  for (const address of claimed.toReversed()) {
    if (isIP(address) === 0) return nearest
    nearest = toPlainAddress(address)
    if (!proxies.has(nearest)) return nearest
  }
  return nearest
}

/** Some proxies add the port. */
function withoutPort(entry: string): string {
  const [, bracketed] = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(entry) ?? []
  if (bracketed !== undefined) return bracketed
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(entry) ? entry.replace(/:\d+$/, '') : entry
}

/** What the limits of a peer are counted by: an IPv6 client has a whole /64 network of addresses to choose from. */
export function networkOf(address: string): string {
  const plain = toPlainAddress(address)
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.replace(/%.*$/, '').toLowerCase().split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - after.length) }, () => '0')
  return [...groups, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
