import fc from 'fast-check'
import { expect, it } from 'vitest'
import { skeletonsOf } from './look-alikes.js'

const looksLike = async (name: string, handle: string) => {
  const [skeleton = ''] = await skeletonsOf(handle)
  return (await skeletonsOf(name)).includes(skeleton)
}

it.each([
  ['PAYPAL', 'paypal'],
  ['раураl', 'paypal'],
  ['paypa1', 'paypal'],
  ['paypaI', 'paypal'],
  ['ｐａｙｐａｌ', 'paypal'],
  ['𝓹𝓪𝔂𝓹𝓪𝓵', 'paypal'],
  ['pay\u200dpal', 'paypal'],
  ['pay pal\u2800', 'paypal'],
  ['pàỳpäl', 'paypal'],
  ['rnike', 'mike'],
  ['b0b', 'bob'],
  ['bοb', 'bob'],
  ['alıce', 'alice'],
  ['a‐b', 'a-b'],
])('%j looks like %s', async (name, handle) => {
  expect(await looksLike(name, handle)).toBe(true)
})

it.each([
  ['paypal2', 'paypal'],
  ['irc/paypal', 'paypal'],
  ['', 'a'],
  ['小明', 'a'],
])('%j does not look like %s', async (name, handle) => {
  expect(await looksLike(name, handle)).toBe(false)
})

it('a handle looks like itself and its capitals, and has one skeleton', async () => {
  const handle = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,31}$/)
  await fc.assert(
    fc.asyncProperty(handle, async (handle) => {
      expect(await skeletonsOf(handle)).toHaveLength(1)
      expect(await looksLike(handle.toUpperCase(), handle)).toBe(true)
    }),
  )
})
