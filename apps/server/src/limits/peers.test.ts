import { describe, expect, it } from 'vitest'
import { clientAddress, networkOf, parseAddressList } from './peers.js'

describe('parseAddressList()', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['192.0.2.1', '192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['2001:db8::/32', '2001:db8:1::5', true],
    ['2001:db8::/32', '2001:db9::5', false],
    ['::1', '::1', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['10.0.0.0/8', 'unknown', false],
  ])('%s has %s: %j', (entry, address, expected) => {
    expect(parseAddressList([entry]).has(address)).toBe(expected)
  })

  it.each(['example.org', '10.0.0.0/33', '::/129', '10.0.0', '', '10.0.0.1/', '1.2.3.4/-1'])(
    'rejects what is neither an address nor a network: %j',
    (entry) => {
      expect(() => parseAddressList([entry])).toThrow(/is not an address or a network/)
    },
  )
})

describe('clientAddress()', () => {
  const proxies = parseAddressList(['10.0.0.0/8', '::1'])
  const client = (peer: string, forwardedFor: string) => clientAddress(peer, { forwardedFor, proxies })

  // Covers IN-50, V4.1.3
  it('ignores the header without proxies, and from a peer that is not one', () => {
    expect(clientAddress('10.0.0.1', { forwardedFor: '192.0.2.1', proxies: null })).toBe('10.0.0.1')
    expect(client('203.0.113.9', '192.0.2.1')).toBe('203.0.113.9')
    expect(client('203.0.113.9', '10.0.0.1')).toBe('203.0.113.9')
  })

  // Covers V15.3.4
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['10.9.9.9, 192.0.2.1', '192.0.2.1'],
    ['203.0.113.1, 192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['127.0.0.1, 10.0.0.5, 192.0.2.1,10.0.0.2 , 10.0.0.3', '192.0.2.1'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8::7]:443', '2001:db8::7'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['', '10.0.0.1'],
    ['unknown', '10.0.0.1'],
    ['192.0.2.1, <script>', '10.0.0.1'],
    ['192.0.2.1, unknown, 10.0.0.2', '10.0.0.2'],
  ])('is the first address from the right that is not a proxy: %j', (forwardedFor, expected) => {
    expect(client('10.0.0.1', forwardedFor)).toBe(expected)
  })
})

describe('networkOf()', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:0DB8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['1::2:3:4:5:6:7', '1:0:2:3'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('counts %s as %s', (address, expected) => {
    expect(networkOf(address)).toBe(expected)
  })
})
