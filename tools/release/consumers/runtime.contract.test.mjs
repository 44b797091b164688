import process from 'node:process'
import { expect, it } from 'vitest'

it('the suites run on the runtime that was asked for', () => {
  const { node, bun, deno } = process.versions
  const runtime = bun ? `bun ${bun}` : deno ? `deno ${deno}` : `node ${node}`
  expect(runtime).toMatch(new RegExp(`^${process.env.EXPECTED_RUNTIME}`))
})
