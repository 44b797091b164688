import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SETTINGS, unknownSettings } from './settings.js'

const read = (document: string) => readFileSync(new URL(`../../../../${document}`, import.meta.url), 'utf8')

// Covers IN-73
it('names variables that begin like ours and are no setting, sorted, and no others', () => {
  const environment = { GITMSG_REMTOE: 'x', GITMSG_BRANCH: 'main', PATH: '/bin', GITMSG_BRACH: 'main' }
  expect(unknownSettings(environment)).toEqual(['GITMSG_BRACH', 'GITMSG_REMTOE'])
})

it('has every setting in the README', () => {
  const text = read('README.md')
  expect(SETTINGS.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})

it('has every setting in .env.example, and no other variable', () => {
  const names = [...read('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name)
  expect(names.toSorted()).toEqual(SETTINGS.toSorted())
})
